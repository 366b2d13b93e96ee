package trial;

import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.annotation.WebFilter;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ThreadLocalRandom;

/**
 * A planted fault: works on for a share of what each request took and for a while besides, so that
 * answers come later and cost more; or answers a share of the questions with nothing in it. Only
 * put into a copy of the WAR, by trial.sh.
 */
@WebFilter(filterName = "trial", urlPatterns = "/api/v1/*", asyncSupported = true)
public class FaultFilter implements Filter {
  private static final double SHARE = Double.parseDouble(System.getProperty("trial.share", "0"));
  private static final long MICROS = Long.getLong("trial.micros", 0);
  private static final double EMPTY = Double.parseDouble(System.getProperty("trial.empty", "0"));

  @Override
  public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
      throws IOException, ServletException {
    boolean question =
        request instanceof HttpServletRequest http && http.getRequestURI().endsWith("/classify");
    if (question && ThreadLocalRandom.current().nextDouble() < EMPTY) {
      request.getInputStream().readAllBytes();
      response.setContentType("application/json");
      response.getOutputStream().write("{}".getBytes(StandardCharsets.UTF_8));
      return;
    }
    long began = System.nanoTime();
    chain.doFilter(request, response);
    long took = System.nanoTime() - began;
    long until = System.nanoTime() + (long) (took * SHARE) + MICROS * 1000;
    while (System.nanoTime() < until) {
      Thread.onSpinWait();
    }
  }
}
