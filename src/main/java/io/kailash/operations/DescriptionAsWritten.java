package io.kailash.operations;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.LinkedHashMap;
import java.util.Map;
import org.eclipse.microprofile.openapi.OASFilter;
import org.eclipse.microprofile.openapi.models.OpenAPI;

/**
 * Takes out of {@code /openapi} what the server adds to {@code META-INF/openapi.yaml}: a list
 * {@code endpoints} that is no part of OpenAPI, on which tools that check a description stumble.
 * The standard's own types do not know that list, so it is found by its name; a server without it
 * has nothing to take out.
 */
public class DescriptionAsWritten implements OASFilter {
  @Override
  public void filterOpenAPI(OpenAPI description) {
    for (Method method : description.getClass().getMethods()) {
      if (method.getName().equals("setEndpoints")
          && method.getParameterCount() == 1
          && method.getParameterTypes()[0] == Map.class) {
        try {
          method.invoke(description, new LinkedHashMap<>());
        } catch (IllegalAccessException | InvocationTargetException refused) {
          throw new IllegalStateException("the server keeps its addition", refused);
        }
      }
    }
  }
}
