// Many workers at once, each with profiles and devices of its own, draw operations and wait for
// their answers one by one.
import * as operations from './operations.mjs';

const profilesOfOne = 4;

// Weights; an operation that has nothing to work on gives way to createToken or createProfile.
const choices = [
  ['createToken', 30], ['enrollNew', 20], ['enrollOverlapping', 8], ['readProfile', 10], ['enrollAgain', 8], ['enrollDead', 6],
  ['revokeToken', 8], ['renameProfile', 4], ['leave', 4], ['retire', 3], ['deleteDevice', 3],
  ['deleteProfile', 3], ['createTokenOfDeleted', 1],
];
const weightOfAll = choices.reduce((sum, [, weight]) => sum + weight, 0);

export class Worker {
  constructor(client, number) {
    this.client = client;
    this.world = client.world;
    this.number = number;
    this.serials = 0;
  }

  profiles(exists) {
    return [...this.world.profiles.values()].filter((p) => p.owner === this.number && p.exists === exists);
  }

  devices(state) {
    return [...this.world.devices.values()].filter((d) => d.owner === this.number && d.exists && (state === undefined || d.state === state));
  }

  choose(random) {
    let drawn = random.next() * weightOfAll;
    return choices.find(([, weight]) => (drawn -= weight) < 0)[0];
  }

  draw(random) {
    const profiles = this.profiles(true);
    const kind = this.choose(random);
    if (profiles.length < profilesOfOne) return operations.createProfile(this.number, `Worker ${this.number}, ${random.between(0, 999)}`);
    const profile = random.pick(profiles);
    return this[kind]?.(random, profile, profiles) ?? operations.createToken(this.world, profile);
  }

  createToken(_, profile) { return operations.createToken(this.world, profile); }
  readProfile(_, profile) { return operations.readProfile(this.world, profile); }
  revokeToken(_, profile) { return operations.revokeToken(profile); }
  renameProfile(random, profile) { return operations.renameProfile(profile, `Renamed ${random.between(0, 999)}`); }
  deleteProfile(_, profile) { return operations.deleteProfile(profile); }

  createTokenOfDeleted(random) {
    const deleted = this.profiles(false);
    return deleted.length > 0 ? operations.createToken(this.world, random.pick(deleted)) : undefined;
  }

  // The value must be read before it can be redeemed.
  enrollWith(profile, device) {
    const token = this.world.currentToken(profile);
    if (token === undefined || !this.world.isLive(token)) return undefined;
    if (token.value === undefined) return operations.readProfile(this.world, profile);
    return operations.enroll(this.world, this.number, token, `W${this.number}-${this.serials++}-${profile.id}`, device);
  }

  enrollNew(_, profile) { return this.enrollWith(profile); }

  enrollAgain(random, profile) {
    const devices = this.devices();
    return devices.length > 0 ? this.enrollWith(profile, random.pick(devices)) : undefined;
  }

  enrollWithOneOf(random, tokens) {
    const known = tokens.filter((t) => t.value !== undefined);
    return known.length > 0
      ? operations.enroll(this.world, this.number, random.pick(known), `X${this.number}-${this.serials++}`) : undefined;
  }

  enrollOverlapping(random, profile) {
    return this.enrollWithOneOf(random, profile.tokens.slice(0, -1).filter((t) => this.world.isLive(t)));
  }

  enrollDead(random) {
    return this.enrollWithOneOf(random, [...this.world.profiles.values()].filter((p) => p.owner === this.number)
      .flatMap((p) => p.tokens).filter((t) => !this.world.isLive(t)));
  }

  ofDevice(random, state, make) {
    const devices = this.devices(state).filter((d) => state === undefined || d.credential !== undefined);
    return devices.length > 0 ? make(random.pick(devices)) : undefined;
  }

  leave(random) { return this.ofDevice(random, 1, operations.leave); }
  retire(random) { return this.ofDevice(random, 1, operations.retire); }
  deleteDevice(random) { return this.ofDevice(random, undefined, operations.deleteDevice); }

  // Until the signal stops it, the connection breaks, or so many are answered.
  async run(random, { until, count = Infinity, ...expectation } = {}) {
    for (let i = 0; i < count && until?.aborted !== true; i++) {
      try {
        await this.client.perform(this.draw(random), random, expectation);
      } catch (error) {
        if (error.code === undefined || until?.aborted !== true) throw error;
        return;
      }
    }
  }
}
