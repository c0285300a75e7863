/** Of alarms that only a stage with `detectionCanary=on` has; the runbook has them for all. */
export const canaryHeadings = [
  'Detection slow',
  'Alert precision low',
  'Detection canary stopped',
  'Detection canary schedule failures',
] as const;

/** Of alarms that only a stage has whose orchestrators tell of their runs. */
export const runEventHeadings = ['Run events waiting', 'Run events dead letters', 'Run events undelivered'] as const;
