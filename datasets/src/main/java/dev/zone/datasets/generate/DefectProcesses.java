package dev.zone.datasets.generate;

import dev.zone.datasets.SeededRandom;

/**
 * What makes dies of a wafer fail together. Place, size, direction and intensity are drawn for each
 * wafer.
 */
final class DefectProcesses {
  private final Wafer wafer;

  DefectProcesses(Wafer wafer) {
    this.wafer = wafer;
  }

  /**
   * @param strength probability to fail at the process's heart
   */
  void add(Defect defect, double strength, SeededRandom random) {
    switch (defect) {
      case NONE -> {}
      case CENTER -> center(strength, random);
      case DONUT -> donut(strength, random);
      case EDGE_LOC -> edgeLoc(strength, random);
      case EDGE_RING -> edgeRing(strength, random);
      case LOC -> loc(strength, random.nextDouble(0.12, 0.24), random);
      case NEAR_FULL -> nearFull(random);
      case RANDOM -> everywhere(random.nextDouble(0.22, 0.3 + 0.3 * strength));
      case SCRATCH -> scratch(strength, random.nextDouble(0.5, 1.5), random);
    }
  }

  /** A faint local trace, which does not make the wafer one of another class. */
  void trace(double strength, SeededRandom random) {
    switch (random.nextInt(3)) {
      case 0 -> loc(strength, random.nextDouble(0.06, 0.12), random);
      case 1 -> scratch(strength, random.nextDouble(0.2, 0.4), random);
      default -> edgeLoc(strength, random);
    }
  }

  private void center(double strength, SeededRandom random) {
    double spread = random.nextDouble(0.14, 0.3);
    blob(
        0.07 * random.nextGaussian(),
        0.07 * random.nextGaussian(),
        spread,
        spread * random.nextDouble(0.8, 1.25),
        strength,
        random);
  }

  /** A local cluster off the centre and off the edge. */
  private void loc(double strength, double spread, SeededRandom random) {
    double angle = random.nextDouble(-Math.PI, Math.PI);
    double distance = random.nextDouble(0.3, 0.72);
    blob(
        distance * StrictMath.cos(angle),
        distance * StrictMath.sin(angle),
        spread,
        spread * random.nextDouble(0.5, 1),
        strength,
        random);
  }

  /** A two-dimensional bell in any direction. */
  private void blob(
      double x, double y, double length, double width, double strength, SeededRandom random) {
    double angle = random.nextDouble(0, Math.PI);
    double cosine = StrictMath.cos(angle);
    double sine = StrictMath.sin(angle);
    for (int die = 0; die < wafer.dies(); die++) {
      double dx = wafer.x(die) - x;
      double dy = wafer.y(die) - y;
      double along = (cosine * dx + sine * dy) / length;
      double across = (cosine * dy - sine * dx) / width;
      bell(die, along * along + across * across, strength);
    }
  }

  private void bell(int die, double squaredDistance, double strength) {
    // Beyond 3 deviations there is less than the background.
    if (squaredDistance < 9) {
      wafer.raise(die, strength * StrictMath.exp(-0.5 * squaredDistance));
    }
  }

  private void donut(double strength, SeededRandom random) {
    double x = 0.06 * random.nextGaussian();
    double y = 0.06 * random.nextGaussian();
    double ring = random.nextDouble(0.32, 0.6);
    double thickness = random.nextDouble(0.07, 0.14);
    for (int die = 0; die < wafer.dies(); die++) {
      double dx = wafer.x(die) - x;
      double dy = wafer.y(die) - y;
      double distance = (Math.sqrt(dx * dx + dy * dy) - ring) / thickness;
      bell(die, distance * distance, strength);
    }
  }

  /** A sector of the edge. */
  private void edgeLoc(double strength, SeededRandom random) {
    double angle = random.nextDouble(-Math.PI, Math.PI);
    double halfWidth = random.nextDouble(0.22, 0.75);
    double depth = random.nextDouble(0.08, 0.2);
    for (int die = 0; die < wafer.dies(); die++) {
      double turn = Math.abs(StrictMath.atan2(wafer.y(die), wafer.x(die)) - angle);
      double apart = Math.min(turn, 2 * Math.PI - turn) / halfWidth;
      double inside = (1 - wafer.radius(die)) / depth;
      // Flat within the sector, with a soft end.
      bell(
          die, 4 * Math.max(0, apart - 0.6) * Math.max(0, apart - 0.6) + inside * inside, strength);
    }
  }

  /** All of the edge, or most of it: a gap keeps part of its failures. */
  private void edgeRing(double strength, SeededRandom random) {
    double depth = random.nextDouble(0.06, 0.15);
    double gap = random.nextDouble(-Math.PI, Math.PI);
    double lack = random.nextDouble(0, 0.7);
    for (int die = 0; die < wafer.dies(); die++) {
      double inside = (1 - wafer.radius(die)) / depth;
      if (inside < 3) {
        double towards = StrictMath.cos(StrictMath.atan2(wafer.y(die), wafer.x(die)) - gap);
        double share = 1 - lack * Math.max(0, towards) * Math.max(0, towards);
        bell(die, inside * inside, strength * share);
      }
    }
  }

  /** Nearly all dies; what is left lies to one side. */
  private void nearFull(SeededRandom random) {
    double rate = random.nextDouble(0.72, 0.97);
    double angle = random.nextDouble(-Math.PI, Math.PI);
    double slope = random.nextDouble(0, 0.15);
    for (int die = 0; die < wafer.dies(); die++) {
      double side = wafer.x(die) * StrictMath.cos(angle) + wafer.y(die) * StrictMath.sin(angle);
      wafer.raise(die, rate + slope * side);
    }
  }

  private void everywhere(double rate) {
    for (int die = 0; die < wafer.dies(); die++) {
      wafer.raise(die, rate);
    }
  }

  /** A slightly bent line, a die or two wide, that something drew across the wafer. */
  private void scratch(double strength, double length, SeededRandom random) {
    double place = random.nextDouble(-Math.PI, Math.PI);
    double distance = 0.8 * Math.sqrt(random.nextDouble());
    double x = distance * StrictMath.cos(place);
    double y = distance * StrictMath.sin(place);
    double direction = random.nextDouble(-Math.PI, Math.PI);
    double bend = 0.8 * random.nextGaussian();
    boolean wide = random.nextDouble() < 0.4;
    double step = 1.0 / wafer.size();
    int last = -1;
    for (double way = 0; way < length; way += step) {
      int die = wafer.at(x, y);
      if (die >= 0 && die != last) {
        wafer.raise(die, strength);
        int beside = wafer.at(x + 2 * step, y);
        if (wide && beside >= 0) {
          wafer.raise(beside, 0.6 * strength);
        }
        last = die;
      }
      direction += bend * step;
      x += step * StrictMath.cos(direction);
      y += step * StrictMath.sin(direction);
    }
  }
}
