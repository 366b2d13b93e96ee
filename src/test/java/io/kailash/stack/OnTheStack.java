package io.kailash.stack;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * The test runs inside the server, deployed with the WAR, on the stores of {@link RunningService}.
 * To be written above {@code @ExtendWith(ArquillianExtension.class)}, which reads what this one
 * prepares.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(ContainerOnTheStack.class)
public @interface OnTheStack {}
