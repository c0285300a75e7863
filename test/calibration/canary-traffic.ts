import type { HourlyPaired } from '../../shared/domain/ground-truth/aggregates.ts';
import { hourMillis, hourOfMillis } from '../../shared/domain/time.ts';
import type { Draws } from './random.ts';

/** How hours and days differ, as relative standard deviations; hours are autocorrelated. */
export type Weather = {
  readonly name: string;
  /** Of both arms alike: load, season, fashion. */
  readonly sharedHour: number;
  readonly sharedDay: number;
  /** Of the candidate against the champion: hours that suit it better than others. */
  readonly ownHour: number;
  readonly ownDay: number;
};

/** True relative differences of the candidate, and the world around it. */
export type Situation = {
  readonly weather: Weather;
  readonly rowsPerHour: number;
  readonly businessChange: number;
  readonly lossChange: number;
};

const rate = 0.2;
const loss = 0.45;
const lossSpread = 0.25;
const autocorrelation = 0.6;

/** One hour after another of both arms: binomial counts of a business metric of 20 %, normal sums of the paired losses. */
export function createTraffic({ weather, rowsPerHour, businessChange, lossChange }: Situation, draws: Draws) {
  const { normal, binomial } = draws;
  const walk = (hourly: number, daily: number) => {
    const spread = hourly * Math.sqrt(1 - autocorrelation ** 2);
    let [hour, day] = [hourly * normal(), daily * normal()];
    return (index: number) => {
      hour = autocorrelation * hour + spread * normal();
      if (index % 24 === 0) day = daily * normal();
      return hour + day;
    };
  };
  const level = walk(weather.sharedHour, weather.sharedDay);
  const ofBusiness = walk(weather.ownHour, weather.ownDay);
  const ofLoss = walk(weather.ownHour, weather.ownDay);
  return (index: number, percent: number): HourlyPaired => {
    const shared = level(index);
    const n = Math.round(rowsPerHour * (1 + 0.5 * Math.sin((index * Math.PI) / 12)));
    const newer = binomial(n, percent / 100);
    const share = Math.min(0.9, Math.max(0.01, rate * (1 + shared)));
    const hits = binomial(n - newer, share);
    const newerHits = binomial(newer, Math.min(1, Math.max(0, share * (1 + businessChange + ofBusiness(index)))));
    const championLoss = n * loss * (1 + shared / 2);
    const difference = championLoss * (lossChange + ofLoss(index)) + lossSpread * Math.sqrt(n) * normal();
    return {
      hour: hourOfMillis(index * hourMillis),
      paired: {
        n,
        sumOlderLoss: championLoss,
        sumNewerLoss: championLoss + difference,
        sumDifference: difference,
        sumSquaredDifference: n * lossSpread ** 2,
        arms: {
          older: { n: n - newer, sum: hits, sumSquares: hits },
          newer: { n: newer, sum: newerHits, sumSquares: newerHits },
        },
      },
    };
  };
}
