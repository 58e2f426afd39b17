package dev.zone.conf.yaml;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * How a sealed interface of records is written. By default as one key that names the alternative,
 * {@code {adam: {learningRate: 0.1}}}. With {@code tag}, as a mapping whose tag key names the
 * alternative beside the alternative's own keys, {@code {type: binary, label: x}}. In both, the
 * bare name is enough where the alternative needs nothing, {@code standardise}; and alternatives
 * marked {@link ByKey} are told by their own key instead.
 *
 * <p>An alternative's name is its record's, the first letter in lower case, unless {@link Named}.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
public @interface Choice {
  String tag() default "";
}
