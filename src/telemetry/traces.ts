/** OpenTelemetry traces over OTLP/HTTP. Loaded only where they are configured. */
import { type Attributes, context, propagation, ROOT_CONTEXT, type Span, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { BatchSpanProcessor, NodeTracerProvider } from '@opentelemetry/sdk-trace-node';
import { UserError } from '../model/errors.ts';
import type { RequestSpan } from '../model/telemetry.ts';
import type { Hub } from './hub.ts';

/** Of an error its code alone: its text may name what no trace should hold. */
function failed(span: Span, error: unknown): void {
  span.setAttribute('error.type', error instanceof UserError ? error.code : error instanceof Error ? error.name : 'unknown');
  span.setStatus({ code: SpanStatusCode.ERROR });
}

function resource(attributes: Attributes) {
  const own = { attributes, merge: () => own, getRawAttributes: () => Object.entries(attributes) };
  return own;
}

/** `otlp`: the receiver's base URL. What is told to the hub becomes spans from now on. */
export function startTraces(hub: Hub, otlp: string, version: string): { stop(): Promise<void> } {
  const exporter = new OTLPTraceExporter({ url: `${otlp.replace(/\/+$/, '')}/v1/traces`, timeoutMillis: 5000 });
  const provider = new NodeTracerProvider({
    resource: resource({ 'service.name': process.env.OTEL_SERVICE_NAME || 'netwhy', 'service.version': version }),
    spanProcessors: [new BatchSpanProcessor(exporter)],
  });
  // Sets the W3C propagator and the manager of contexts, too.
  provider.register();
  const tracer = provider.getTracer('netwhy', version);

  const request = (headers: Readonly<Record<string, unknown>>): RequestSpan => {
    const span = tracer.startSpan('request', { kind: SpanKind.SERVER }, propagation.extract(ROOT_CONTEXT, headers));
    const inside = trace.setSpan(ROOT_CONTEXT, span);
    return {
      within: (next) => context.with(inside, next),
      end: (name, attributes, status) => {
        span.updateName(name);
        span.setAttributes({ ...attributes, 'http.response.status_code': status });
        if (status >= 500) span.setStatus({ code: SpanStatusCode.ERROR });
        span.end();
      },
    };
  };
  hub.trace({
    request,
    during: (name, attributes, work) =>
      tracer.startActiveSpan(name, { attributes }, async (span) => {
        try {
          return await work();
        } catch (error) {
          failed(span, error);
          throw error;
        } finally {
          span.end();
        }
      }),
  });
  return { stop: () => provider.shutdown() };
}
