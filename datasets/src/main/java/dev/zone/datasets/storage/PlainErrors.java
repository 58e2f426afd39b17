package dev.zone.datasets.storage;

import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;

/**
 * A storage whose errors say in one line what was wrong. What a server of Hadoop's throws comes
 * with the server's own trace as its message.
 */
final class PlainErrors {
  private PlainErrors() {}

  static Storage of(Storage storage) {
    return (Storage)
        Proxy.newProxyInstance(
            Storage.class.getClassLoader(),
            new Class<?>[] {Storage.class},
            (proxy, method, arguments) -> {
              try {
                Object answer = method.invoke(storage, arguments);
                return answer instanceof Storage below ? of(below) : answer;
              } catch (InvocationTargetException e) {
                throw plain(e.getCause());
              }
            });
  }

  private static Throwable plain(Throwable failure) {
    String message = String.valueOf(failure.getMessage());
    return failure instanceof IOException && message.lines().count() > 1
        ? new IOException(message.lines().findFirst().orElse(message), failure)
        : failure;
  }
}
