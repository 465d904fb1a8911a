// The operations of the load: how each is sent, what must be answered, and how it changes the
// world. Whoever draws them owns the profiles and devices that they touch, so that the answer is
// known beforehand although many run at once.
import { profilesPath } from '../../e2e/support/http.mjs';
import { activity, deviceState } from './world.mjs';

const graph = (path) => `/v1.0${path}`;
const json = (body) => ({ headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) });
const profilePath = (profile, rest = '') => graph(`${profilesPath}/${profile.id}${rest}`);
const devicePath = (device, rest = '') => graph(`/deviceManagement/managedDevices/${device.id}${rest}`);

export function createProfile(owner, name) {
  return {
    kind: 'createProfile', request: { method: 'POST', path: graph(profilesPath), ...json({ displayName: name }) },
    status: 201, activity: activity.profileCreated,
    idOf: (answer) => answer.json.id,
    apply: (world, id) => world.addProfile(id, name, owner),
  };
}

export function renameProfile(profile, name) {
  return {
    kind: 'renameProfile', request: { method: 'PATCH', path: profilePath(profile), ...json({ displayName: name }) },
    status: 200, activity: activity.profileUpdated, target: profile.id,
    apply: () => { profile.name = name; profile.version++; },
  };
}

export function deleteProfile(profile) {
  return {
    kind: 'deleteProfile', request: { method: 'DELETE', path: profilePath(profile) },
    status: 204, activity: activity.profileDeleted, target: profile.id,
    apply: (world) => world.deleteProfile(profile),
  };
}

// Whether the one before lives on is the server's setting when it is sent.
export function createToken(world, profile) {
  const { overlaps } = world;
  return {
    kind: 'createToken',
    request: { method: 'POST', path: profilePath(profile, '/createToken'), ...json({ tokenValidityInSeconds: 36000 }) },
    status: profile.exists ? 204 : 404,
    ...(profile.exists && { activity: activity.tokenCreated, target: profile.id }),
    apply: () => profile.exists && world.addToken(profile, overlaps),
  };
}

export function revokeToken(profile) {
  return {
    kind: 'revokeToken', request: { method: 'POST', path: profilePath(profile, '/revokeToken') },
    status: 204, activity: activity.tokenRevoked, target: profile.id,
    apply: (world) => world.revokeToken(profile),
  };
}

// Changes nothing; finds the value of the current token out, and that it did not change since.
export function readProfile(world, profile) {
  const token = world.currentToken(profile);
  const live = token !== undefined && world.isLive(token);
  return {
    kind: 'readProfile', isRead: true, request: { path: profilePath(profile) }, status: profile.exists ? 200 : 404,
    check: ({ json: body }) => {
      if (!profile.exists) return undefined;
      if (body.displayName !== profile.name) return `displayName is ${body.displayName}, not ${profile.name}`;
      if (body.enrolledDeviceCount !== profile.deviceCount)
        return `enrolledDeviceCount is ${body.enrolledDeviceCount}, not ${profile.deviceCount}`;
      if (live !== (body.tokenValue !== null)) return `tokenValue is ${live ? 'null' : 'there'}`;
      if (live && token.value !== undefined && token.value !== body.tokenValue) return 'tokenValue is another one';
      return undefined;
    },
    apply: (_, __, answer) => { if (live) token.value = answer.json.tokenValue; },
  };
}

// device: one that is known already, or undefined for a new one.
export function enroll(world, owner, token, serial, device) {
  const live = world.isLive(token);
  const serialNumber = device?.serial ?? serial;
  return {
    kind: 'enroll',
    request: { method: 'POST', path: '/enroll', ...json({ enrollmentToken: token.value, device: { serialNumber } }) },
    anonymous: true,
    status: live ? (device === undefined ? 201 : 200) : 403,
    activity: live ? activity.deviceEnrolled : activity.deviceRefused, refused: !live,
    target: live ? device?.id : undefined,
    idOf: (answer) => answer.json.deviceId,
    apply: (_, id, answer) => live && world.enroll(id, serialNumber, token, answer?.json.deviceCredential, owner),
  };
}

export function leave(device) {
  return {
    kind: 'leave', request: { method: 'DELETE', path: '/enroll/me', headers: { Authorization: `Bearer ${device.credential}` } },
    anonymous: true, status: 204, activity: activity.deviceLeft, target: device.id,
    apply: (world) => world.endDevice(device, deviceState.left),
  };
}

export function retire(device) {
  return {
    kind: 'retire', request: { method: 'POST', path: devicePath(device, '/retire') },
    status: 204, activity: activity.deviceRetired, target: device.id,
    apply: (world) => world.endDevice(device, deviceState.retired),
  };
}

export function deleteDevice(device) {
  return {
    kind: 'deleteDevice', request: { method: 'DELETE', path: devicePath(device) },
    status: 204, activity: activity.deviceDeleted, target: device.id,
    apply: (world) => world.deleteDevice(device),
  };
}

// Changes nothing; a credential is accepted exactly as long as its device is enrolled by it.
export function showDevice(device, credential) {
  const live = device.exists && credential === device.credential;
  return {
    kind: 'showDevice', isRead: true, request: { path: '/enroll/me', headers: { Authorization: `Bearer ${credential}` } },
    anonymous: true, status: live ? 200 : 401, apply: () => {},
  };
}
