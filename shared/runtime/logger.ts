import { LogFormatter, Logger, LogItem } from '@aws-lambda-powertools/logger';
import type { LogAttributes, UnformattedAttributes } from '@aws-lambda-powertools/logger/types';
import { currentCorrelationId } from '../observability/correlation.ts';

class RunwayLogFormatter extends LogFormatter {
  formatAttributes(
    { logLevel, message, timestamp, xRayTraceId, lambdaContext }: UnformattedAttributes,
    additional: LogAttributes,
  ): LogItem {
    const attributes = {
      level: logLevel,
      message,
      timestamp: this.formatTimestamp(timestamp),
      // Asked for each line, not appended to the logger: one invocation may work for several causes at once.
      correlationId: currentCorrelationId(),
      traceId: xRayTraceId,
      functionName: lambdaContext?.functionName,
      functionVersion: process.env.AWS_LAMBDA_FUNCTION_VERSION,
      requestId: lambdaContext?.awsRequestId,
      coldStart: lambdaContext?.coldStart,
    };
    return new LogItem({ attributes }).addAttributes(additional);
  }
}

/**
 * Log in sentences with fields. Never a token, a key, a body or a whole event. Each line bears the correlation id, and
 * in Lambda the trace, the function and its request. Level: `POWERTOOLS_LOG_LEVEL`.
 */
export const logger = new Logger({ serviceName: 'runway', logFormatter: new RunwayLogFormatter() });
