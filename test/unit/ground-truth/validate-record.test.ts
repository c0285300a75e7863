import { describe, expect, it } from 'vitest';
import { arrivalAt } from '../../../shared/domain/ground-truth/attribution-window.ts';
import {
  latenessProblems,
  validateOutcome,
  validatePrediction,
} from '../../../shared/domain/ground-truth/validate-record.ts';
import { bucketOf } from '../../../shared/domain/ground-truth/wire-format.ts';
import { at, morning, outcome, prediction, servedModel } from './fixtures/models.ts';

const model = servedModel();
const now = at(180);
const arrival = arrivalAt(now, 600);

function faultsOfPrediction(change: object, served = model, when = now): readonly string[] {
  const result = validatePrediction({ ...prediction('p1'), ...change }, served, arrivalAt(when, 600));
  return result.ok ? [] : result.problems.map(({ field, code }) => `${field} ${code}`);
}

function faultsOfOutcome(change: object, served = model, when = now): readonly string[] {
  const result = validateOutcome({ ...outcome('p1'), ...change }, served, arrivalAt(when, 600));
  return result.ok ? [] : result.problems.map(({ field, code }) => `${field} ${code}`);
}

const features = prediction('p1').features;

describe('a prediction', () => {
  it('that fits is taken as it is, its time in UTC', () => {
    const result = validatePrediction(prediction('p1', { predictedAt: '2001-01-22T07:00:00+01:00' }), model, arrival);
    expect(result).toEqual({ ok: true, record: prediction('p1', { predictedAt: morning }) });
  });

  it('may leave out a feature that is not required, or say that it is missing', () => {
    const { lateRate: _, ...rest } = features;
    expect(faultsOfPrediction({ features: rest })).toEqual([]);
    expect(faultsOfPrediction({ features: { ...features, lateRate: null } })).toEqual([]);
  });

  it.each([
    ['no object', { score: undefined, features: 'none' }, ['/features wrong-type', '/score missing']],
    ['an unknown field', { 'sc/ore~': 1 }, ['/sc~1ore~0 unknown-field']],
    ['a score that is text', { score: 'high' }, ['/score wrong-type']],
    ['a score that is NaN as text', { score: 'NaN' }, ['/score not-finite']],
    ['a score that is infinite as text', { score: '-Infinity' }, ['/score not-finite']],
    ['a score too large for a double', { score: JSON.parse('1e999') }, ['/score not-finite']],
    ['a time without zone', { predictedAt: '2001-01-22T06:00:00' }, ['/predictedAt wrong-format']],
    ['a time that is a number', { predictedAt: 980_143_200 }, ['/predictedAt wrong-type']],
    ['an empty id', { predictionId: '' }, ['/predictionId too-small']],
    ['an id that is too long', { predictionId: 'x'.repeat(129) }, ['/predictionId too-big']],
    ['a version that is text', { modelVersion: '1' }, ['/modelVersion wrong-type']],
    ['another model', { modelId: 'late-basic' }, ['/modelId wrong-model']],
    ['an unknown version', { modelVersion: 9 }, ['/modelVersion unknown-model-version']],
    [
      'an unknown version in shadow',
      { shadows: [{ modelVersion: 9, score: 0.5 }] },
      ['/shadows/0/modelVersion unknown-model-version'],
    ],
    [
      'the serving version in shadow',
      { shadows: [{ modelVersion: 1, score: 0.5 }] },
      ['/shadows/0/modelVersion duplicate-shadow'],
    ],
    ['a score above 1', { score: 1.001 }, ['/score score-out-of-range']],
    ['a score below 0', { score: -0.001 }, ['/score score-out-of-range']],
    ['a shadow score above 1', { shadows: [{ modelVersion: 2, score: 2 }] }, ['/shadows/0/score score-out-of-range']],
    ['a required feature left out', { features: { origin: 'JFK' } }, ['/features/distance feature-missing']],
    [
      'a required feature that is null',
      { features: { ...features, origin: null } },
      ['/features/origin feature-missing'],
    ],
    [
      'a feature that the schema lacks',
      { features: { ...features, 'hour/day': 6 } },
      ['/features/hour~1day feature-not-in-schema'],
    ],
    ['text for a number', { features: { ...features, distance: '733' } }, ['/features/distance wrong-type']],
    ['NaN for a number', { features: { ...features, distance: 'NaN' } }, ['/features/distance not-finite']],
    ['Infinity for a number', { features: { ...features, distance: 'Infinity' } }, ['/features/distance not-finite']],
    ['a boolean for a number', { features: { ...features, distance: true } }, ['/features/distance wrong-type']],
    ['a number for a category', { features: { ...features, origin: 7 } }, ['/features/origin wrong-type']],
    ['an object for a category', { features: { ...features, origin: {} } }, ['/features/origin wrong-type']],
    [
      'an inherited name',
      { features: { ...features, constructor: 1 } },
      ['/features/constructor feature-not-in-schema'],
    ],
    ['a time after its arrival', { predictedAt: at(186) }, ['/predictedAt predicted-in-future']],
    ['a time before the model', { predictedAt: '2001-01-21T05:59:59Z' }, ['/predictedAt predicted-before-model']],
  ])('with %s is refused', (_case, change, faults) => {
    expect(faultsOfPrediction(change)).toEqual(faults);
  });

  it('may come from a clock five minutes ahead', () => {
    expect(faultsOfPrediction({ predictedAt: at(185) })).toEqual([]);
  });

  it('is refused as a whole for several reasons at once', () => {
    expect(faultsOfPrediction({ modelVersion: 9, score: 7, predictedAt: at(999) })).toEqual([
      '/modelVersion unknown-model-version',
      '/score score-out-of-range',
      '/predictedAt predicted-in-future',
    ]);
  });

  it('has any finite score when the model is a regression', () => {
    expect(faultsOfPrediction({ score: -37.5 }, servedModel({ taskType: 'regression' }))).toEqual([]);
  });

  it('is taken until seven days after its attribution window, by arrival', () => {
    // The hour ends at 07:00, its window at 17:00.
    expect(faultsOfPrediction({}, model, '2001-01-29T16:59:59.999Z')).toEqual([]);
    expect(faultsOfPrediction({}, model, '2001-01-29T17:00:00.000Z')).toEqual(['/predictedAt predicted-too-long-ago']);
  });

  it('belongs to the bucket of its record', () => {
    const wide = servedModel({ buckets: 4 });
    const bucket = bucketOf('p1', 4);
    expect(validatePrediction(prediction('p1'), wide, arrival, bucket).ok).toBe(true);
    const strayed = validatePrediction(prediction('p1'), wide, arrival, (bucket + 1) % 4);
    expect(strayed).toMatchObject({ ok: false, problems: [{ field: '/predictionId', code: 'wrong-bucket' }] });
  });

  it.each([['text'], [7], [null], [undefined], [[]]])('that is %j is refused', (input) => {
    const result = validatePrediction(input, model, arrival);
    expect(result).toMatchObject({ ok: false, problems: [{ field: '' }] });
  });
});

describe('an outcome', () => {
  it('that fits is taken as it is', () => {
    expect(validateOutcome(outcome('p1', { businessValue: 12.5 }), model, arrival)).toEqual({
      ok: true,
      record: outcome('p1', { businessValue: 12.5 }),
    });
  });

  it('need not know when the prediction was made', () => {
    expect(faultsOfOutcome({ predictedAt: undefined })).toEqual([]);
  });

  it.each([
    ['no label', { label: undefined }, ['/label missing']],
    ['a label that is text', { label: 'late' }, ['/label wrong-type']],
    ['NaN as text', { label: 'nan' }, ['/label not-finite']],
    ['a label that is neither 0 nor 1', { label: 0.5 }, ['/label label-not-binary']],
    ['another model', { modelId: 'late-basic' }, ['/modelId wrong-model']],
    ['a time after its arrival', { observedAt: at(186) }, ['/observedAt observed-in-future']],
    ['a time before its prediction', { observedAt: at(-1) }, ['/observedAt observed-before-prediction']],
    [
      'a time before the model',
      { observedAt: '2001-01-20T06:00:00Z', predictedAt: undefined },
      ['/observedAt observed-before-model'],
    ],
    ['a prediction before the model', { predictedAt: '2001-01-21T05:00:00Z' }, ['/predictedAt predicted-before-model']],
    [
      'a prediction after its arrival',
      { predictedAt: at(200) },
      ['/observedAt observed-before-prediction', '/predictedAt predicted-in-future'],
    ],
  ])('with %s is refused', (_case, change, faults) => {
    expect(faultsOfOutcome(change)).toEqual(faults);
  });

  it('has any finite label when the model is a regression', () => {
    expect(faultsOfOutcome({ label: -14.2 }, servedModel({ taskType: 'regression' }))).toEqual([]);
  });

  it('is in time until the attribution window ends, and as long as the hour is not sealed', () => {
    const late = (change: object, when = now) =>
      latenessProblems({ ...outcome('p1'), ...change }, model, arrivalAt(when, 600)).map(({ code }) => code);
    expect(late({ observedAt: at(600) })).toEqual([]);
    expect(late({ observedAt: at(600.001) })).toEqual(['outside-attribution-window']);
    expect(late({ observedAt: at(601), predictedAt: undefined })).toEqual([]);
    expect(late({}, '2001-01-29T16:59:59.999Z')).toEqual([]);
    expect(late({}, '2001-01-29T17:00:00.000Z')).toEqual(['outside-attribution-window']);
  });
});
