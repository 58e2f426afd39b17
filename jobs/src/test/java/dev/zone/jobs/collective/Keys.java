package dev.zone.jobs.collective;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/** Key and trust stores, made by the JDK's keytool. */
final class Keys {
  static final String PASSWORD = "of-the-stores";

  private final Path folder;

  Keys(Path folder) {
    this.folder = folder;
  }

  /** A new key with a certificate signed by itself. */
  Path keyStore(String name, String type) throws Exception {
    Path store = folder.resolve(name);
    keytool(
        store,
        type,
        List.of(
            "-genkeypair",
            "-alias",
            "own",
            "-keyalg",
            "EC",
            "-dname",
            "CN=" + name,
            "-keypass",
            PASSWORD));
    return store;
  }

  /** The certificate of a key store. */
  Path trustStore(Path keyStore, String type) throws Exception {
    Path certificate = folder.resolve(keyStore.getFileName() + ".cer");
    keytool(
        keyStore, type, List.of("-exportcert", "-alias", "own", "-file", certificate.toString()));
    Path store = folder.resolve(keyStore.getFileName() + ".trust");
    keytool(
        store,
        type,
        List.of("-importcert", "-noprompt", "-alias", "other", "-file", certificate.toString()));
    return store;
  }

  private void keytool(Path store, String type, List<String> arguments) throws Exception {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
    command.addAll(arguments);
    Collections.addAll(
        command, "-keystore", store.toString(), "-storetype", type, "-storepass", PASSWORD);
    Path log = folder.resolve("keytool.log");
    int exit =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start()
            .waitFor();
    if (exit != 0) {
      throw new IOException(command + ": " + Files.readString(log));
    }
  }

  static RingTls tls(Path keyStore, Optional<Path> trustStore) {
    return RingTls.of(stores(keyStore, PASSWORD, "PKCS12", trustStore));
  }

  static RingTls.Stores stores(
      Path keyStore, String password, String type, Optional<Path> trustStore) {
    return new RingTls.Stores(
        keyStore,
        password,
        Optional.empty(),
        type,
        trustStore,
        trustStore.map(any -> PASSWORD),
        type);
  }
}
