/**
 * Everything that an agent can do. Not here on purpose: what changes or deletes what is kept (label, pin, delete and prune
 * snapshots, retry a notice), and tokens.
 */
import type { Tool } from '../tool.ts';
import { diffTool, flowDiffTool, matrixTool } from './changes.ts';
import { doctorTool } from './doctor.ts';
import { factsTool } from './facts.ts';
import { findingsTool } from './findings.ts';
import { checkTool, intentHistoryTool, intentsTool, noticesTool } from './intents.ts';
import { getTool, historyTool, listTool, searchTool } from './lists.ts';
import { checkDatabaseTool, scheduleRunsTool, schedulesTool, snapshotsTool, takeSnapshotTool, timelineTool } from './snapshots.ts';
import { sinceTool, why, whyBatch } from './why.ts';

export const tools: readonly Tool[] = [
  why,
  whyBatch,
  sinceTool,
  findingsTool,
  diffTool,
  flowDiffTool,
  matrixTool,
  listTool,
  getTool,
  searchTool,
  historyTool,
  factsTool,
  snapshotsTool,
  timelineTool,
  takeSnapshotTool,
  checkTool,
  intentsTool,
  intentHistoryTool,
  noticesTool,
  schedulesTool,
  scheduleRunsTool,
  checkDatabaseTool,
  doctorTool,
];
