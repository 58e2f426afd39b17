package dev.zone.conf.yaml;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Marks an alternative of a {@link Choice} that is recognised by the presence of this key, one of
 * its own: {@code {configuration: net.json}}.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
public @interface ByKey {
  String value();
}
