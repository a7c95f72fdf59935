-- CreateTable
CREATE TABLE "Snapshot" (
    "id" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    "takenAt" DATETIME NOT NULL,
    "label" TEXT,
    "hosts" INTEGER NOT NULL,
    "networks" INTEGER NOT NULL,
    "endpoints" INTEGER NOT NULL,
    "natRules" INTEGER NOT NULL,
    "gaps" INTEGER NOT NULL,
    "hostTimes" BLOB NOT NULL,
    "pinned" BOOLEAN NOT NULL DEFAULT false
);

-- CreateTable
CREATE TABLE "Host" (
    "id" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    "name" TEXT NOT NULL
);

-- CreateTable
CREATE TABLE "Segment" (
    "hostId" INTEGER NOT NULL,
    "snapshotId" INTEGER NOT NULL,
    "keyframe" BOOLEAN NOT NULL,
    "encoding" TEXT NOT NULL,
    "sha256" TEXT NOT NULL,
    "data" BLOB NOT NULL,

    PRIMARY KEY ("hostId", "snapshotId")
);

-- CreateTable
CREATE TABLE "SectionHash" (
    "hostId" INTEGER NOT NULL,
    "kind" TEXT NOT NULL,
    "snapshotId" INTEGER NOT NULL,
    "hash" TEXT NOT NULL,

    PRIMARY KEY ("hostId", "kind", "snapshotId")
);

-- CreateTable
CREATE TABLE "Entity" (
    "id" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    "kind" TEXT NOT NULL,
    "hostId" INTEGER NOT NULL,
    "key" TEXT NOT NULL,
    "host" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "addresses" TEXT NOT NULL,
    "data" TEXT NOT NULL,
    "fromSnapshot" INTEGER NOT NULL,
    "toSnapshot" INTEGER
);

-- CreateTable
CREATE TABLE "IntentState" (
    "id" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    "intent" TEXT NOT NULL,
    "state" TEXT NOT NULL,
    "data" TEXT NOT NULL,
    "fromSnapshot" INTEGER NOT NULL,
    "toSnapshot" INTEGER
);

-- CreateTable
CREATE TABLE "Notice" (
    "id" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    "key" TEXT NOT NULL,
    "at" DATETIME NOT NULL,
    "kind" TEXT NOT NULL,
    "snapshotId" INTEGER NOT NULL,
    "data" TEXT NOT NULL
);

-- CreateTable
CREATE TABLE "Delivery" (
    "noticeId" INTEGER NOT NULL,
    "target" TEXT NOT NULL,
    "state" TEXT NOT NULL,
    "attempts" INTEGER NOT NULL DEFAULT 0,
    "nextAttempt" DATETIME NOT NULL,
    "lastError" TEXT,

    PRIMARY KEY ("noticeId", "target"),
    CONSTRAINT "Delivery_noticeId_fkey" FOREIGN KEY ("noticeId") REFERENCES "Notice" ("id") ON DELETE CASCADE ON UPDATE CASCADE
);

-- CreateTable
CREATE TABLE "ApiToken" (
    "id" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    "name" TEXT NOT NULL,
    "hash" TEXT NOT NULL,
    "scopes" TEXT NOT NULL,
    "createdAt" DATETIME NOT NULL,
    "expiresAt" DATETIME,
    "lastUsedAt" DATETIME,
    "revokedAt" DATETIME
);

-- CreateTable
CREATE TABLE "ScheduleRun" (
    "id" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    "schedule" TEXT NOT NULL,
    "dueAt" DATETIME NOT NULL,
    "state" TEXT NOT NULL,
    "snapshotId" INTEGER,
    "reason" TEXT
);

-- CreateIndex
CREATE INDEX "Snapshot_takenAt_idx" ON "Snapshot"("takenAt");

-- CreateIndex
CREATE INDEX "Snapshot_label_idx" ON "Snapshot"("label");

-- CreateIndex
CREATE UNIQUE INDEX "Host_name_key" ON "Host"("name");

-- CreateIndex
CREATE INDEX "Segment_snapshotId_idx" ON "Segment"("snapshotId");

-- CreateIndex
CREATE INDEX "SectionHash_snapshotId_idx" ON "SectionHash"("snapshotId");

-- CreateIndex
CREATE INDEX "Entity_hostId_toSnapshot_idx" ON "Entity"("hostId", "toSnapshot");

-- CreateIndex
CREATE INDEX "Entity_kind_name_idx" ON "Entity"("kind", "name");

-- CreateIndex
CREATE UNIQUE INDEX "Entity_kind_key_fromSnapshot_key" ON "Entity"("kind", "key", "fromSnapshot");

-- CreateIndex
CREATE INDEX "IntentState_toSnapshot_idx" ON "IntentState"("toSnapshot");

-- CreateIndex
CREATE UNIQUE INDEX "IntentState_intent_fromSnapshot_key" ON "IntentState"("intent", "fromSnapshot");

-- CreateIndex
CREATE UNIQUE INDEX "Notice_key_key" ON "Notice"("key");

-- CreateIndex
CREATE INDEX "Delivery_state_nextAttempt_idx" ON "Delivery"("state", "nextAttempt");

-- CreateIndex
CREATE UNIQUE INDEX "ApiToken_hash_key" ON "ApiToken"("hash");

-- CreateIndex
CREATE UNIQUE INDEX "ScheduleRun_schedule_dueAt_key" ON "ScheduleRun"("schedule", "dueAt");
