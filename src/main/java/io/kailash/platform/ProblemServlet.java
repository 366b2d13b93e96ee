package io.kailash.platform;

import jakarta.servlet.RequestDispatcher;
import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;

/** Answers what the servlet container refuses, so that no caller ever gets an HTML error page. */
@WebServlet("/problem")
public class ProblemServlet extends HttpServlet {
  private static final long serialVersionUID = 1L;

  /** Answers a request that a filter refuses. */
  public static void refuse(HttpServletResponse response, ProblemException refused)
      throws IOException {
    refused.headers().forEach(response::setHeader);
    answer(response, refused.problem());
  }

  @Override
  protected void service(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    Object code = request.getAttribute(RequestDispatcher.ERROR_STATUS_CODE);
    int status = code instanceof Integer number ? number : HttpServletResponse.SC_NOT_FOUND;
    answer(response, ContainerProblems.of(status, request.getMethod()));
  }

  private static void answer(HttpServletResponse response, Problem problem) throws IOException {
    String requestId = RequestIds.next();
    response.setStatus(problem.status());
    response.setContentType(Problem.MEDIA_TYPE.toString());
    response.setHeader(RequestIds.HEADER, requestId);
    Json.MAPPER.writeValue(response.getOutputStream(), problem.withRequestId(requestId));
  }
}
