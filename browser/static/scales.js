// How values are shown: fixed classes, the same in every place and month, so that a colour always means the same.
// digits: decimals, or "%" for a share; levels: borders between the colours of a level; steps: borders between those of a
// difference, to either side of none; axis: ends of a chart; whole: what a bar that is full stands for.
export const measures = {
  at_home: { digits: "%", levels: [0.4, 0.45, 0.5, 0.55, 0.6, 0.65, 0.7], steps: [0.01, 0.02, 0.04, 0.08], axis: [0.3, 0.8], whole: 1 },
  belonging: { digits: 2, levels: [0.5, 0.54, 0.58, 0.62, 0.66, 0.7, 0.74], steps: [0.005, 0.01, 0.02, 0.04], axis: [0.4, 0.8], whole: 1 },
  cohesion: { digits: 1, levels: [4.5, 5, 5.5, 6, 6.5, 7, 7.5], steps: [0.05, 0.1, 0.2, 0.4], axis: [4, 8], whole: 10 },
  diversity: { digits: 2, levels: [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7], steps: [0.005, 0.01, 0.02, 0.04], axis: [0, 0.9], whole: 1 },
  turnover: { digits: "%", levels: [0.06, 0.08, 0.1, 0.12, 0.14, 0.17, 0.2], steps: [0.0025, 0.005, 0.01, 0.02], axis: [0, 0.25], whole: 0.5 },
  newcomers: { digits: "%", levels: [0.01, 0.02, 0.03, 0.05, 0.07, 0.1, 0.15], steps: [0.0025, 0.005, 0.01, 0.02], axis: [0, 0.2], whole: 0.5 },
  withdrawn: { digits: "%", levels: [0.1, 0.13, 0.16, 0.19, 0.22, 0.25, 0.3], steps: [0.005, 0.01, 0.02, 0.04], axis: [0, 0.4], whole: 1 },
  facilities: { digits: 2, levels: [0.7, 0.8, 0.9, 1, 1.1, 1.25, 1.5], steps: [0.025, 0.05, 0.1, 0.2], axis: [0.5, 2], whole: 2.5 },
  ties: { digits: 1, levels: [1.5, 2, 2.5, 3, 3.5, 4, 4.5], steps: [0.05, 0.1, 0.2, 0.4], axis: [1, 5], whole: 6 },
  faces: { digits: 0, levels: [12, 15, 18, 21, 24, 27, 30], steps: [0.5, 1, 2, 4], axis: [10, 35], whole: 50 },
  contact: { digits: 2, levels: [0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8], steps: [0.005, 0.01, 0.02, 0.04], axis: [0, 1], whole: 1 },
  employed: { digits: "%", levels: [0.7, 0.73, 0.76, 0.79, 0.82, 0.85, 0.88], steps: [0.0025, 0.005, 0.01, 0.02], axis: [0.6, 1], whole: 1 },
};
export const fewest = 100; // residents of a neighbourhood of which a mean is shown: of fewer it is chance, and may be about someone

// The class of a value, from 0: how many borders it has reached.
export function classOf(value, borders) { let at = 0; while (at < borders.length && value >= borders[at]) at += 1; return at; }
// Borders between the classes of a measure, or of a difference of it.
export function borders(measure, difference) {
  const { levels, steps } = measures[measure];
  return difference ? [...steps.toReversed().map((step) => -step), ...steps] : levels;
}
