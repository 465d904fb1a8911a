// Sends operations and books what became of them.
import http from 'node:http';
import { send } from '../../e2e/support/http.mjs';

export class Violation extends Error {}

export class Client {
  constructor(world) {
    this.world = world;
    this.pending = [];   // sent, never answered: may be done or not
    this.refused = [];   // answered 503: must not be done
    this.answered = 0;
  }

  use(server, bearer) {
    this.server = server;
    this.bearer = bearer;
    this.agent?.destroy();
    this.agent = new http.Agent({ keepAlive: true });
  }

  close() { this.agent?.destroy(); }

  // mayFail: 503 is an answer to a change, too. mustFail: it is the only one.
  async perform(operation, random, { mayFail = false, mustFail = false } = {}) {
    const correlation = random.guid();
    operation.correlation = correlation;
    this.pending.push(operation);
    const answer = await send(this.server.url, {
      ...operation.request, agent: this.agent,
      headers: {
        'client-request-id': correlation, 'Content-Length': String(operation.request.body?.length ?? 0),
        ...(!operation.anonymous && { Authorization: `Bearer ${this.bearer}` }), ...operation.request.headers,
      },
    });
    this.pending.splice(this.pending.indexOf(operation), 1);
    this.answered++;
    if (answer.status === 503 && !operation.isRead && (mayFail || mustFail)) return this.takeRefusal(operation, answer);
    if (mustFail && operation.activity !== undefined)
      throw new Violation(`${operation.kind} was answered ${answer.status} although the disk fails`);
    return this.takeAnswer(operation, answer);
  }

  takeRefusal(operation, answer) {
    this.refused.push(operation);
    const error = answer.json?.error;
    if (error?.code !== 'ServiceUnavailable' || typeof error.innerError?.['request-id'] !== 'string' ||
        !/^\d+$/.test(answer.headers['retry-after'] ?? ''))
      throw new Violation(`a 503 is not in Graph's form: ${JSON.stringify(answer.headers)} ${answer.text}`);
    return answer;
  }

  takeAnswer(operation, answer) {
    if (answer.status !== operation.status)
      throw new Violation(`${operation.kind} ${operation.request.path} was answered ${answer.status}, ` +
        `not ${operation.status}: ${answer.text}`);
    const wrong = operation.check?.(answer);
    if (wrong !== undefined) throw new Violation(`${operation.kind} ${operation.request.path}: ${wrong}`);
    this.book(operation, operation.idOf && answer.json?.error === undefined ? operation.idOf(answer) : operation.target, answer);
    return answer;
  }

  book(operation, id, answer) {
    if (operation.activity !== undefined)
      this.world.note(operation.correlation, { activity: operation.activity, refused: operation.refused === true,
        ...(operation.refused !== true && { target: id }) });
    operation.apply(this.world, id, answer);
  }

  // An operation without an answer was done if the audit tells of it, and not otherwise. Returns how
  // many were.
  settle(operations, audit) {
    let done = 0;
    for (const operation of operations) {
      const entry = audit.get(operation.correlation);
      if (entry === undefined) continue;
      done++;
      this.book(operation, operation.target ?? entry.target);
    }
    return done;
  }

  takePending() {
    const taken = this.pending;
    this.pending = [];
    return taken;
  }

  takeRefused() {
    const taken = this.refused;
    this.refused = [];
    return taken;
  }
}
