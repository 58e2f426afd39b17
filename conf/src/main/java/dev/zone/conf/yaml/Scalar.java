package dev.zone.conf.yaml;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Marks a type written as one YAML scalar: it has {@code static T parse(String)}, which throws
 * IllegalArgumentException with {@code expected …} as its message, and a {@code toString()} that
 * parses back. Its {@link Doc} says in the reference what such a value is.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
public @interface Scalar {}
