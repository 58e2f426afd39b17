package dev.zone.datasets.generate;

import dev.zone.datasets.SeededRandom;
import java.util.Arrays;

/** What is on a CAN bus, frame by frame. */
final class CanBus {
  private static final Sender[] SENDERS = Sender.values();

  /** Whose frames a spoofing attacker sends: their places among the senders. */
  private static final int[] VICTIMS = {
    Arrays.asList(SENDERS).indexOf(Sender.ENGINE), Arrays.asList(SENDERS).indexOf(Sender.SPEED)
  };

  /** Seconds a frame of eight bytes takes at 500 kbit/s. */
  private static final double FRAME = 0.00024;

  /** Seconds between two steps of the car. */
  private static final double STEP = 0.005;

  private enum Attack {
    DOS("dos", 0.0003),
    FUZZY("fuzzy", 0.0005),
    SPOOFING("spoofing", 0.001);

    private final String label;
    private final double period;

    Attack(String label, double period) {
      this.label = label;
      this.period = period;
    }
  }

  private final SeededRandom random;
  private final SeededRandom attacker;
  private final Car car;
  private final double attackShare;
  private final double stealth;
  private final double[] due = new double[SENDERS.length];
  private final int[] counters = new int[SENDERS.length];

  private double driven;
  private double free;
  private long frames;
  private long injected;

  // The present burst; none while left is 0.
  private Attack attack = Attack.DOS;
  private int left;
  private double attackDue;
  private boolean stealthy;
  private int victim;
  private double falseValue;

  // The present frame.
  private int id;
  private String label = "";
  private final byte[] data = new byte[8];

  CanBus(long seed, double attackShare, double stealth) {
    random = new SeededRandom(SeededRandom.mix(seed, 1, 0));
    // Own numbers, so that the same traffic is attacked whatever the attacker draws.
    attacker = new SeededRandom(SeededRandom.mix(seed, 2, 0));
    car = new Car(new SeededRandom(SeededRandom.mix(seed, 3, 0)));
    this.attackShare = attackShare;
    this.stealth = stealth;
    for (int i = 0; i < due.length; i++) {
      due[i] = random.nextDouble() * SENDERS[i].period();
    }
    plan();
  }

  /** Draws when the next burst begins, so that the attacks' share is kept. */
  private void plan() {
    if (attackShare == 0) {
      attackDue = Double.POSITIVE_INFINITY;
      return;
    }
    left = 100 + attacker.nextInt(400);
    attack = Attack.values()[attacker.nextInt(Attack.values().length)];
    stealthy = attacker.nextDouble() < stealth;
    victim = VICTIMS[attacker.nextBoolean() ? 0 : 1];
    falseValue = attacker.nextDouble(1000, 16000);
    double perSecond = 0;
    for (Sender sender : SENDERS) {
      perSecond += 1 / sender.period();
    }
    // Normal frames that are due when the burst is over, less those that pass meanwhile.
    double wanted = (injected + left) * (1 - attackShare) / attackShare - (frames - injected);
    double pause = wanted / perSecond - left * attack.period;
    attackDue = free + Math.max(0.02, pause) * attacker.nextDouble(0.7, 1.3);
  }

  /** Goes to the next frame: of all that wait when the bus is free, the lowest identifier wins. */
  void next() {
    double ready = attackDue;
    for (double next : due) {
      ready = Math.min(ready, next);
    }
    double now = Math.max(ready, free);
    int sender = waiting(now);
    boolean attacks =
        attackDue <= now && (sender == due.length || priority() <= SENDERS[sender].id());
    driveTo(now);
    free = now + FRAME;
    frames++;
    if (attacks) {
      inject();
    } else {
      send(sender);
    }
  }

  /**
   * The waiting sender with the lowest identifier, in whose order they are; their number if none.
   */
  private int waiting(double now) {
    int sender = 0;
    while (sender < due.length && due[sender] > now) {
      sender++;
    }
    return sender;
  }

  private int priority() {
    return switch (attack) {
      case DOS -> 0;
      case FUZZY -> 0x400;
      case SPOOFING -> SENDERS[victim].id();
    };
  }

  private void driveTo(double now) {
    while (driven + STEP <= now) {
      car.drive(STEP);
      driven += STEP;
    }
  }

  private void send(int sender) {
    Sender unit = SENDERS[sender];
    id = unit.id();
    label = "normal";
    unit.write(car, counters[sender]++, data);
    // Clocks of control units are good, their tasks less so.
    due[sender] += unit.period() * (1 + 0.02 * random.nextGaussian());
  }

  private void inject() {
    injected++;
    label = attack.label;
    switch (attack) {
      case DOS -> flood();
      case FUZZY -> fuzz();
      case SPOOFING -> spoof();
    }
    left--;
    if (left == 0) {
      plan();
    } else {
      attackDue = Math.max(attackDue + attack.period, free - attack.period);
    }
  }

  private void flood() {
    Arrays.fill(data, (byte) 0);
    id = 0;
    if (stealthy) {
      id = SENDERS[0].id();
      SENDERS[0].write(car, attacker.nextInt(16), data);
    }
  }

  private void fuzz() {
    for (int i = 0; i < data.length; i++) {
      data[i] = (byte) attacker.nextInt(256);
    }
    id = attacker.nextInt(0x800);
    if (stealthy) {
      Sender sender = SENDERS[attacker.nextInt(SENDERS.length)];
      id = sender.id();
      data[4] = 0;
      data[5] = 0;
      sender.seal(attacker.nextInt(16), data);
    }
  }

  private void spoof() {
    Sender unit = SENDERS[victim];
    id = unit.id();
    unit.write(car, stealthy ? counters[victim] : 0, data);
    Sender.word(data, 0, falseValue);
    if (stealthy) {
      if (unit == Sender.SPEED) {
        data[2] = (byte) (int) (falseValue / 100);
      }
      unit.seal(counters[victim], data);
    }
  }

  /** Seconds at which the frame is on the bus. */
  double time() {
    return free;
  }

  int id() {
    return id;
  }

  String label() {
    return label;
  }

  /** Of the present frame; overwritten by the next. */
  byte[] data() {
    return data;
  }
}
