package dev.zone.datasets.generate;

import dev.zone.datasets.SeededRandom;

/** A car on the road: physical signals that hang together, in small steps of time. */
final class Car {
  private static final double[] GEAR_RATIOS = {3.6, 2.1, 1.4, 1.0, 0.8};

  /** Engine turns a minute for 1 m/s at ratio 1: tyre of 0.32 m radius, final drive 4. */
  private static final double RPM_PER_SPEED = 60 / (2 * Math.PI * 0.32) * 4;

  private static final double IDLE = 800;

  private final SeededRandom random;
  private double wanted = 14;
  private double untilChange;
  private double speed;
  private double throttle;
  private double brake;
  private double steering;
  private double curve;
  private double rpm = IDLE;
  private double coolant = 30;
  private int gear;

  Car(SeededRandom random) {
    this.random = random;
  }

  /** Drives on for so many seconds, small against the car's own times. */
  void drive(double seconds) {
    untilChange -= seconds;
    if (untilChange <= 0) {
      untilChange = random.nextDouble(4, 20);
      wanted = random.nextDouble() < 0.15 ? 0 : random.nextDouble(5, 38);
      curve = 120 * random.nextGaussian() / (1 + 0.2 * speed);
    }
    double push = Math.max(-1, Math.min(1, 0.25 * (wanted - speed)));
    double pace = Math.min(1, 4 * seconds);
    throttle += pace * (Math.max(0, push) * 0.9 + 0.004 * speed - throttle);
    brake += pace * (Math.max(0, -push) - brake);
    steering += 0.5 * pace * (curve - steering);
    double force = 3.5 * throttle - 7 * brake - 0.0004 * speed * speed - 0.1;
    speed = Math.max(0, speed + seconds * force);
    shift();
    double turning = Math.max(IDLE, speed * RPM_PER_SPEED * GEAR_RATIOS[gear]);
    rpm += Math.min(1, 6 * seconds) * (turning + 150 * throttle - rpm);
    coolant += seconds * 0.02 * (60 + 30 * throttle + 10 - coolant * 0.8);
  }

  private void shift() {
    double turning = speed * RPM_PER_SPEED * GEAR_RATIOS[gear];
    if (turning > 2900 && gear < GEAR_RATIOS.length - 1) {
      gear++;
    } else if (turning < 1300 && gear > 0) {
      gear--;
    }
  }

  /** Metres a second. */
  double speed() {
    return speed;
  }

  double rpm() {
    return rpm;
  }

  /** From 0 to 1. */
  double throttle() {
    return throttle;
  }

  /** From 0 to 1. */
  double brake() {
    return brake;
  }

  /** Degrees at the wheel. */
  double steering() {
    return steering;
  }

  /** Degrees Celsius. */
  double coolant() {
    return coolant;
  }

  /** From 1. */
  int gear() {
    return gear + 1;
  }
}
