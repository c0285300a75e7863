export { unknownRouteHandler as handler } from '../../shared/runtime/unknown-route-handler.ts';
