package io.kailash.platform;

import jakarta.inject.Singleton;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.ext.ParamConverter;
import jakarta.ws.rs.ext.ParamConverterProvider;
import jakarta.ws.rs.ext.Provider;
import java.lang.annotation.Annotation;
import java.lang.reflect.Type;

/**
 * Reads whole numbers of a query. Without this, the REST layer answers a number it cannot read as
 * if the path did not exist.
 */
@Provider
@Singleton
public class WholeNumberParameters implements ParamConverterProvider {
  @Override
  @SuppressWarnings("unchecked") // the only type converted is Integer
  public <T> ParamConverter<T> getConverter(Class<T> type, Type generic, Annotation[] annotations) {
    if (type != Integer.class) {
      return null;
    }
    for (Annotation annotation : annotations) {
      if (annotation instanceof QueryParam query) {
        return (ParamConverter<T>) new WholeNumber("?" + query.value());
      }
    }
    return null;
  }

  private record WholeNumber(String pointer) implements ParamConverter<Integer> {
    @Override
    public Integer fromString(String text) {
      if (text == null) {
        return null;
      }
      try {
        return Integer.valueOf(text.strip());
      } catch (NumberFormatException notANumber) {
        throw ProblemException.invalid(pointer, "'" + text + "' is not a whole number");
      }
    }

    @Override
    public String toString(Integer number) {
      return number.toString();
    }
  }
}
