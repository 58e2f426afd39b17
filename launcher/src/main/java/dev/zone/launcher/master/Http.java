package dev.zone.launcher.master;

import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;

/**
 * Requests whose answers are JSON objects. {@code HttpURLConnection} starts in a few milliseconds.
 */
final class Http {
  private static final int CONNECT_MS = 5_000;
  private static final int READ_MS = 15_000;
  private static final int MAX_BYTES = 32 << 20;

  private Http() {}

  /**
   * @throws IOException if there is no answer, or one that is no JSON object; its message is fit
   *     for people
   */
  static JsonObject get(String url) throws IOException {
    return answer(open(url, "GET"));
  }

  /** As {@link #get}, with a body. */
  static JsonObject post(String url, JsonObject body) throws IOException {
    HttpURLConnection connection = open(url, "POST");
    byte[] bytes = body.toString().getBytes(StandardCharsets.UTF_8);
    connection.setDoOutput(true);
    connection.setRequestProperty("Content-Type", "application/json");
    connection.setFixedLengthStreamingMode(bytes.length);
    try (OutputStream out = connection.getOutputStream()) {
      out.write(bytes);
    }
    return answer(connection);
  }

  private static HttpURLConnection open(String url, String method) throws IOException {
    HttpURLConnection connection = (HttpURLConnection) URI.create(url).toURL().openConnection();
    connection.setRequestMethod(method);
    connection.setConnectTimeout(CONNECT_MS);
    connection.setReadTimeout(READ_MS);
    connection.setInstanceFollowRedirects(false);
    connection.setRequestProperty("Accept", "application/json");
    return connection;
  }

  private static JsonObject answer(HttpURLConnection connection) throws IOException {
    int status = connection.getResponseCode();
    try (InputStream in =
        status >= 400 ? connection.getErrorStream() : connection.getInputStream()) {
      byte[] bytes = in == null ? new byte[0] : in.readNBytes(MAX_BYTES + 1);
      if (bytes.length > MAX_BYTES) {
        throw new IOException("an answer of more than 32 MiB");
      }
      return JsonParser.parseString(new String(bytes, StandardCharsets.UTF_8)).getAsJsonObject();
    } catch (JsonParseException | IllegalStateException e) {
      throw new IOException("no Spark master answers there (HTTP status " + status + ")", e);
    } finally {
      connection.disconnect();
    }
  }
}
