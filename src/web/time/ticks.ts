const day = new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'short' });
const hour = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit' });

/** Places of the line that a tick's words take. */
const WIDTH = 4;

/** What stands under each moment, oldest first: the day where one begins, else the time where there is room; null: nothing. */
export function ticksOf(times: readonly Date[]): readonly (string | null)[] {
  const starts = times.map((time, i) => i === 0 || day.format(time) !== day.format(times[i - 1]));
  let free = 0;
  return times.map((time, i) => {
    const room = i >= free && (starts[i] || !starts.slice(i, i + WIDTH).includes(true));
    if (!room || (!starts[i] && i % WIDTH !== 0)) return null;
    free = i + WIDTH;
    return starts[i] ? day.format(time) : hour.format(time);
  });
}
