package dev.zone.launcher.master;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.gson.JsonObject;
import dev.zone.conf.CentreSpec;
import dev.zone.conf.DataSize;
import dev.zone.conf.error.ErrorKind;
import dev.zone.conf.error.Problems;
import dev.zone.conf.error.ZoneException;
import dev.zone.conf.yaml.YamlBinder;
import java.io.IOException;
import java.net.ServerSocket;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class StandaloneMasterTest {
  private FakeMaster fake;

  @BeforeEach
  void start() throws IOException {
    fake = new FakeMaster();
  }

  @AfterEach
  void stop() {
    fake.close();
  }

  private StandaloneMaster master() {
    return new StandaloneMaster(
        centre(
            "master: spark://m:1, submissionServer: "
                + fake.address()
                + ", masterPage: "
                + fake.address()));
  }

  private static CentreSpec centre(String keys) {
    Problems problems = new Problems();
    return YamlBinder.parse(
            "{" + keys.replace("spark://m:1", "'spark://m:1'") + ", storage: 'file:/s'}",
            "c",
            CentreSpec.class,
            List.of(),
            problems)
        .orElseThrow(() -> new AssertionError(problems.list()))
        .value();
  }

  @Test
  void submitsAndFollowsADriver() {
    fake.says("/v1/submissions/create", "{'success': true, 'submissionId': 'driver-1'}")
        .says(
            "/v1/submissions/status/driver-1",
            "{'success': true, 'driverState': 'RUNNING', 'workerHostPort': 'h:1'}")
        .says("/v1/submissions/status/driver-2", "{'success': false}");
    JsonObject request = new JsonObject();
    request.addProperty("mainClass", "x");
    assertThat(master().submit(request)).isEqualTo("driver-1");
    assertThat(fake.bodies()).containsExactly("{\"mainClass\":\"x\"}");
    assertThat(master().driver("driver-1"))
        .isEqualTo(new StandaloneMaster.Driver(Optional.of("RUNNING"), "h:1", ""));
    assertThat(master().driver("driver-2").state()).isEmpty();
    master().kill("driver-1");
    assertThat(fake.asked()).endsWith("POST /v1/submissions/kill/driver-1");
    assertThat(master().version()).isEqualTo("4.2.0");
  }

  @Test
  void countsThePlacesThatAreFree() {
    StandaloneMaster.Places places = master().places();
    assertThat(places.cores()).isEqualTo(8);
    assertThat(places.freeCores()).isEqualTo(7);
    assertThat(places.slots(1, DataSize.ofMebibytes(512), 0)).isEqualTo(4);
    assertThat(places.slots(2, DataSize.ofMebibytes(512), 0)).isEqualTo(2);
    assertThat(places.holders())
        .containsExactly(
            new StandaloneMaster.Holder("application", "app-1", "other", 1, "RUNNING"));
  }

  @Test
  void saysWhatTheMasterRefuses() {
    fake.says(
        "/v1/submissions/create", "{'success': false, 'message': 'no such jar\\nat x.y(Z.java)'}");
    assertThatThrownBy(() -> master().submit(new JsonObject()))
        .hasMessage("Cannot submit to the master: no such jar");
  }

  @Test
  void passesOverMastersThatStandBy() throws IOException {
    try (FakeMaster standby = new FakeMaster()) {
      standby.says(
          "/v1/submissions/create",
          "{'success': false, 'message': 'Current state is not alive: STANDBY.'}");
      fake.says("/v1/submissions/create", "{'success': true, 'submissionId': 'driver-7'}");
      StandaloneMaster both = new StandaloneMaster(List.of(standby.address(), fake.address()));
      assertThat(both.submit(new JsonObject())).isEqualTo("driver-7");
    }
  }

  @Test
  void saysWhereNobodyAnswers() throws IOException {
    int port;
    try (ServerSocket free = new ServerSocket(0)) {
      port = free.getLocalPort();
    }
    StandaloneMaster gone =
        new StandaloneMaster(
            centre("master: spark://m:1, submissionServer: 'http://127.0.0.1:" + port + "'"));
    assertThatThrownBy(gone::version)
        .isInstanceOfSatisfying(
            ZoneException.class, e -> assertThat(e.kind()).isEqualTo(ErrorKind.ENVIRONMENT))
        .hasMessage(
            "Cannot reach the master: http://127.0.0.1:%d: Connection refused (expected its submission server there; the zone file's submissionServer names another place)"
                .formatted(port));
  }

  @Test
  void doesNotTakeAnythingForAMaster() {
    fake.says("/v1/submissions/status/none", "<html>a web server</html>");
    assertThatThrownBy(() -> master().version())
        .hasMessageContaining("no Spark master answers there");
    assertThatThrownBy(() -> master().driver("../../x"))
        .hasMessage("Cannot ask for the driver: ../../x (expected letters and digits)");
  }
}
