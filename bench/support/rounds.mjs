// Rounds and medians.

export function median(list) {
  const sorted = [...list].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

// Each contender once a round, and in another order each round: what changes on the machine while
// this runs strikes all alike. Gives each contender's median and all its values.
export async function alternate(settings, contenders) {
  const names = Object.keys(contenders);
  const values = Object.fromEntries(names.map((name) => [name, []]));
  for (let round = 0; round < settings.rounds; round++) {
    for (let i = 0; i < names.length; i++) {
      const name = names[(i + round) % names.length];
      values[name].push(await settings.machine.measure(() => contenders[name](round)));
      process.stderr.write('.');
    }
  }
  return {
    medians: Object.fromEntries(names.map((name) => [name, median(values[name])])),
    values,
  };
}
