package io.kailash.stack;

import java.lang.annotation.ElementType;
import java.lang.annotation.Repeatable;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * The test needs something beside JDK and Maven: {@code chroma}, {@code browser} or {@code curl}.
 * On a machine without it the test is skipped, and a line tells its name and the reason; with
 * {@code -Dkailash.require=chroma,browser} it fails instead.
 */
@Target({ElementType.TYPE, ElementType.METHOD})
@Retention(RetentionPolicy.RUNTIME)
@Repeatable(Needs.All.class)
@ExtendWith(NeedsCondition.class)
public @interface Needs {

  /** What is needed. */
  String value();

  /** Several of them. */
  @Target({ElementType.TYPE, ElementType.METHOD})
  @Retention(RetentionPolicy.RUNTIME)
  @ExtendWith(NeedsCondition.class)
  @interface All {
    /** Each of them. */
    Needs[] value();
  }
}
