import type { FastifyInstance } from 'fastify';
import type { OnfidoContext } from './context.js';
import { notFound } from './errors.js';
import { findRun } from './find.js';

/** The tasks of a run: a list without their input and output, and each in full. */
export function taskRoutes(app: FastifyInstance, context: OnfidoContext): void {
  app.get<{ Params: { id: string } }>('/workflow_runs/:id/tasks', async request => {
    const run = findRun(context.world, request.params.id);
    return run.tasks.map(({ input: _input, output: _output, ...item }) => item);
  });
  app.get<{ Params: { id: string; task: string } }>('/workflow_runs/:id/tasks/:task', async request => {
    const { id, task: taskId } = request.params;
    const task = findRun(context.world, id).tasks.find(candidate => candidate.id === taskId);
    if (!task) throw notFound('task', taskId);
    return task;
  });
}
