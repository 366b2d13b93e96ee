package io.kailash.operations;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.kailash.platform.StoreTimings;
import jakarta.inject.Inject;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.WriteListener;
import jakarta.servlet.annotation.WebFilter;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpServletResponseWrapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import org.eclipse.microprofile.metrics.MetricRegistry;

/**
 * Hands the server's figures on in the order that {@link MetricsText} gives them, and the
 * histograms of the stores after them where the whole page or that of the application is asked for.
 */
@WebFilter(filterName = "metrics", urlPatterns = "/metrics")
public class MetricsFilter implements Filter {
  private final StoreTimings timings;

  @Inject
  MetricsFilter(StoreTimings timings) {
    this.timings = timings;
  }

  @Override
  public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
      throws IOException, ServletException {
    Held held = new Held((HttpServletResponse) response);
    chain.doFilter(request, held);
    byte[] page = held.written();
    String type = response.getContentType();
    if (type != null && type.startsWith("text/plain")) {
      String figures = MetricsText.inOrder(new String(page, UTF_8));
      page = (isOfApplication(request) ? figures + timings.page() : figures).getBytes(UTF_8);
    }
    if (!response.isCommitted()) {
      response.setContentLength(page.length);
    }
    response.getOutputStream().write(page);
  }

  private static boolean isOfApplication(ServletRequest request) {
    String scope = request.getParameter("scope");
    return request.getParameter("name") == null
        && (scope == null || scope.equals(MetricRegistry.APPLICATION_SCOPE));
  }

  /** Holds back what is written; status and headers pass. */
  private static final class Held extends HttpServletResponseWrapper {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final PrintWriter writer = new PrintWriter(new OutputStreamWriter(bytes, UTF_8));

    Held(HttpServletResponse response) {
      super(response);
    }

    byte[] written() {
      writer.flush();
      return bytes.toByteArray();
    }

    @Override
    public PrintWriter getWriter() {
      return writer;
    }

    @Override
    public ServletOutputStream getOutputStream() {
      return new ServletOutputStream() {
        @Override
        public boolean isReady() {
          return true;
        }

        @Override
        public void setWriteListener(WriteListener listener) {
          throw new UnsupportedOperationException("what is held back is written at once");
        }

        @Override
        public void write(int value) {
          bytes.write(value);
        }

        @Override
        public void write(byte[] values, int from, int length) {
          bytes.write(values, from, length);
        }
      };
    }

    @Override
    public void flushBuffer() {
      writer.flush();
    }

    @Override
    public void setContentLength(int length) {
      // The length is known only when the order is.
    }

    @Override
    public void setContentLengthLong(long length) {
      // The length is known only when the order is.
    }
  }
}
