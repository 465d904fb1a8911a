// What must be there: the answers so far, as plain objects. An operation changes the world when it
// is answered with success; one whose answer never came is looked up in the audit later.

// The numbers that the audit stores.
export const activity = {
  profileCreated: 4, profileUpdated: 5, profileDeleted: 6, tokenCreated: 7, tokenRevoked: 8,
  deviceEnrolled: 9, deviceRefused: 10, deviceLeft: 11, deviceRetired: 12, deviceDeleted: 13,
};
export const deviceState = { enrolled: 1, retired: 2, left: 3 };
const end = { none: 0, overlapping: 1, revoked: 2 };

export class World {
  constructor() {
    this.profiles = new Map();
    this.devices = new Map();
    this.audit = new Map(); // correlation -> { activity, refused, target }
    this.tokenCount = 0;
    this.overlaps = false; // a token that is replaced now lives on
  }

  addProfile(id, name, owner) {
    const profile = { id, name, owner, exists: true, version: 1, tokens: [], deviceCount: 0 };
    this.profiles.set(id, profile);
    return profile;
  }

  addToken(profile, overlaps) {
    const replaced = this.currentToken(profile);
    if (overlaps && replaced?.end === end.none) replaced.end = end.overlapping;
    const token = { profile, value: undefined, end: end.none, enrollments: 0 };
    profile.tokens.push(token);
    profile.version++;
    this.tokenCount++;
    return token;
  }

  currentToken(profile) { return profile.tokens.at(-1); }

  isLive(token) {
    return token.profile.exists && (token.end === end.overlapping ||
      (token.end === end.none && this.currentToken(token.profile) === token));
  }

  revokeToken(profile) {
    const token = this.currentToken(profile);
    if (token === undefined || token.end !== end.none) return;
    for (const live of profile.tokens.filter((each) => this.isLive(each))) live.end = end.revoked;
    profile.version++;
  }

  // With the profile goes what tells apart the tokens that lived on and those that were revoked then.
  deleteProfile(profile) {
    profile.exists = false;
    for (const token of profile.tokens) if (token.end === end.overlapping) token.end = end.revoked;
  }

  // Its version moves with everything that a client sees of it.
  countDevice(profile, change) {
    profile.deviceCount += change;
    profile.version++;
  }

  // A known device moves to the token; a new one is added.
  enroll(id, serial, token, credential, owner) {
    const device = this.devices.get(id) ?? { id, serial, owner };
    const counts = device.token !== token;
    if (counts) token.enrollments++;
    if (device.token?.profile !== token.profile) {
      if (device.token !== undefined) this.countDevice(device.token.profile, -1);
      this.countDevice(token.profile, 1);
    } else if (counts) token.profile.version++;
    Object.assign(device, { token, credential, state: deviceState.enrolled, exists: true });
    this.devices.set(id, device);
    return device;
  }

  endDevice(device, state) {
    if (device.state !== deviceState.enrolled) return;
    device.state = state;
    device.ended = device.credential;
    device.credential = undefined;
  }

  deleteDevice(device) {
    device.exists = false;
    this.countDevice(device.token.profile, -1);
    this.devices.delete(device.id);
  }

  note(correlation, entry) { this.audit.set(correlation, entry); }
}
