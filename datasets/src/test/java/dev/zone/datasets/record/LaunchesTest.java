package dev.zone.datasets.record;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import dev.zone.datasets.storage.Storage;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LaunchesTest {
  @TempDir private Path folder;

  private static JsonObject named(String name) {
    JsonObject json = new JsonObject();
    json.addProperty("name", name);
    return json;
  }

  @Test
  void givesEachLaunchToOneApplication() {
    Launches launches = new Launches(Storage.local(folder));
    assertThat(launches.newest()).isZero();
    assertThat(launches.begin(1, named("launcher"))).isTrue();
    assertThat(launches.begin(1, named("another launcher"))).isFalse();
    assertThat(launches.claim(1)).isEmpty();
    assertThat(launches.claim(1, named("driver"))).isTrue();
    assertThat(launches.claim(1, named("its double"))).isFalse();
    assertThat(launches.claim(1)).contains(named("driver"));
    assertThat(launches.handedOver(1, named("driver-1"))).isTrue();
    assertThat(launches.handedOver(1, named("driver-2"))).isFalse();
    assertThat(launches.handle(1)).contains(named("driver-1"));
    assertThat(launches.begin(2, named("launcher"))).isTrue();
    assertThat(launches.newest()).isEqualTo(2);
  }

  @Test
  void keepsTheLastSignOfLife() {
    Launches launches = new Launches(Storage.local(folder));
    launches.begin(1, named("launcher"));
    assertThat(launches.alive(1)).isEmpty();
    launches.beat(1, named("a"));
    launches.beat(1, named("b"));
    assertThat(launches.alive(1)).contains(named("b"));
  }
}
