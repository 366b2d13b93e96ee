package trial;

import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.annotation.WebFilter;
import java.io.IOException;

/**
 * A planted slowdown: works on for a share of what each request took, so that answers come later
 * and cost more. Only put into a copy of the WAR, by trial.sh.
 */
@WebFilter(filterName = "trial", urlPatterns = "/api/v1/*", asyncSupported = true)
public class SlowFilter implements Filter {
  private static final double SHARE = Double.parseDouble(System.getProperty("trial.share", "0.1"));

  @Override
  public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
      throws IOException, ServletException {
    long began = System.nanoTime();
    chain.doFilter(request, response);
    long until = System.nanoTime() + (long) ((System.nanoTime() - began) * SHARE);
    while (System.nanoTime() < until) {
      Thread.onSpinWait();
    }
  }
}
