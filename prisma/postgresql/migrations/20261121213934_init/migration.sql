-- CreateSchema
CREATE SCHEMA IF NOT EXISTS "public";

-- CreateTable
CREATE TABLE "Snapshot" (
    "id" SERIAL NOT NULL,
    "takenAt" TIMESTAMP(3) NOT NULL,
    "label" TEXT,
    "hosts" INTEGER NOT NULL,
    "networks" INTEGER NOT NULL,
    "endpoints" INTEGER NOT NULL,
    "natRules" INTEGER NOT NULL,
    "gaps" INTEGER NOT NULL,
    "hostTimes" BYTEA NOT NULL,
    "pinned" BOOLEAN NOT NULL DEFAULT false,

    CONSTRAINT "Snapshot_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "Host" (
    "id" SERIAL NOT NULL,
    "name" TEXT NOT NULL,

    CONSTRAINT "Host_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "Segment" (
    "hostId" INTEGER NOT NULL,
    "snapshotId" INTEGER NOT NULL,
    "keyframe" BOOLEAN NOT NULL,
    "encoding" TEXT NOT NULL,
    "sha256" TEXT NOT NULL,
    "data" BYTEA NOT NULL,

    CONSTRAINT "Segment_pkey" PRIMARY KEY ("hostId","snapshotId")
);

-- CreateTable
CREATE TABLE "SectionHash" (
    "hostId" INTEGER NOT NULL,
    "kind" TEXT NOT NULL,
    "snapshotId" INTEGER NOT NULL,
    "hash" TEXT NOT NULL,

    CONSTRAINT "SectionHash_pkey" PRIMARY KEY ("hostId","kind","snapshotId")
);

-- CreateTable
CREATE TABLE "Entity" (
    "id" SERIAL NOT NULL,
    "kind" TEXT NOT NULL,
    "hostId" INTEGER NOT NULL,
    "key" TEXT NOT NULL,
    "host" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "addresses" TEXT NOT NULL,
    "data" TEXT NOT NULL,
    "fromSnapshot" INTEGER NOT NULL,
    "toSnapshot" INTEGER,

    CONSTRAINT "Entity_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "IntentState" (
    "id" SERIAL NOT NULL,
    "intent" TEXT NOT NULL,
    "state" TEXT NOT NULL,
    "data" TEXT NOT NULL,
    "fromSnapshot" INTEGER NOT NULL,
    "toSnapshot" INTEGER,

    CONSTRAINT "IntentState_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "Notice" (
    "id" SERIAL NOT NULL,
    "key" TEXT NOT NULL,
    "at" TIMESTAMP(3) NOT NULL,
    "kind" TEXT NOT NULL,
    "snapshotId" INTEGER NOT NULL,
    "data" TEXT NOT NULL,

    CONSTRAINT "Notice_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "Delivery" (
    "noticeId" INTEGER NOT NULL,
    "target" TEXT NOT NULL,
    "state" TEXT NOT NULL,
    "attempts" INTEGER NOT NULL DEFAULT 0,
    "nextAttempt" TIMESTAMP(3) NOT NULL,
    "lastError" TEXT,

    CONSTRAINT "Delivery_pkey" PRIMARY KEY ("noticeId","target")
);

-- CreateTable
CREATE TABLE "ApiToken" (
    "id" SERIAL NOT NULL,
    "name" TEXT NOT NULL,
    "hash" TEXT NOT NULL,
    "scopes" TEXT NOT NULL,
    "createdAt" TIMESTAMP(3) NOT NULL,
    "expiresAt" TIMESTAMP(3),
    "lastUsedAt" TIMESTAMP(3),
    "revokedAt" TIMESTAMP(3),

    CONSTRAINT "ApiToken_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "ScheduleRun" (
    "id" SERIAL NOT NULL,
    "schedule" TEXT NOT NULL,
    "dueAt" TIMESTAMP(3) NOT NULL,
    "state" TEXT NOT NULL,
    "snapshotId" INTEGER,
    "reason" TEXT,

    CONSTRAINT "ScheduleRun_pkey" PRIMARY KEY ("id")
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

-- AddForeignKey
ALTER TABLE "Delivery" ADD CONSTRAINT "Delivery_noticeId_fkey" FOREIGN KEY ("noticeId") REFERENCES "Notice"("id") ON DELETE CASCADE ON UPDATE CASCADE;
