import { Logger } from '@aws-lambda-powertools/logger';

/** Log in sentences with fields. Never a token, a key, a body or a whole event. Level: `POWERTOOLS_LOG_LEVEL`. */
export const logger = new Logger({ serviceName: 'runway' });
