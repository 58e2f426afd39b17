package dev.zone.launcher.plan;

import dev.zone.conf.CentreSpec;
import dev.zone.conf.CpuFeatures;
import dev.zone.conf.JobSpec;
import dev.zone.conf.Placement;
import dev.zone.conf.PlanSpec.BackendSpec;
import dev.zone.conf.ResourceSpec;
import dev.zone.conf.WorkerFlags;
import dev.zone.conf.error.ErrorKind;
import dev.zone.conf.error.ZoneException;
import dev.zone.launcher.zones.Centre;
import java.util.ArrayList;
import java.util.List;

/** Which centre a job goes to: the first that can hold it. */
final class CentreChoice {
  private final Machine machine;
  private final JobSpec job;

  /**
   * @param machine that a local master's applications run on
   */
  CentreChoice(Machine machine, JobSpec job) {
    this.machine = machine;
    this.job = job;
  }

  /**
   * A choice.
   *
   * @param given what the job is to have there: what it asks for, or the same on CPUs
   */
  record Chosen(Centre centre, ResourceSpec given) {}

  /**
   * Chooses. Where no centre has the GPUs that are asked for and the job allows it, one that holds
   * it on CPUs.
   *
   * @throws ZoneException of resources, with every centre's reasons, if none can ever hold it
   */
  Chosen choose(List<Centre> centres) {
    ResourceSpec resources = job.resources();
    List<String> reasons = new ArrayList<>();
    List<ResourceSpec> ways = new ArrayList<>(List.of(resources));
    if (resources.cpuFallback() && resources.perWorker().gpus() > 0) {
      ways.add(resources.onCpus());
    }
    for (ResourceSpec given : ways) {
      for (Centre centre : centres) {
        List<String> objections = objections(centre, given);
        if (objections.isEmpty()) {
          return new Chosen(centre, given);
        }
        if (given == resources) {
          objections.forEach(
              objection -> reasons.add("Cannot place on " + centre.title() + ": " + objection));
        }
      }
    }
    throw new ZoneException(ErrorKind.RESOURCES, String.join("\n", reasons));
  }

  private List<String> objections(Centre centre, ResourceSpec resources) {
    try {
      machine.requireRoomFor(resources, centre.spec().isLocal());
      BackendSpec backend = backend(centre.spec(), resources);
      return centre.spec().isLocal()
          ? List.of()
          : Placement.objections(centre.spec(), resources, backend);
    } catch (ZoneException e) {
      return List.of(e.getMessage());
    }
  }

  /** What a centre's workers compute with. */
  BackendSpec backend(CentreSpec centre, ResourceSpec resources) {
    CpuFeatures cpu =
        centre.isLocal() ? CpuFeatures.detect() : CpuFeatures.of(centre.instructions());
    ResourceSpec given = centre.isLocal() ? resources.onCpus() : resources;
    return WorkerFlags.backend(
        given.perWorker().computing(centre.computing()), job.training().precision(), cpu);
  }
}
