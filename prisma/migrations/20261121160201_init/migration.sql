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
    "hostTimes" BLOB NOT NULL
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

-- CreateIndex
CREATE INDEX "Snapshot_takenAt_idx" ON "Snapshot"("takenAt");

-- CreateIndex
CREATE INDEX "Snapshot_label_idx" ON "Snapshot"("label");

-- CreateIndex
CREATE UNIQUE INDEX "Host_name_key" ON "Host"("name");

-- CreateIndex
CREATE INDEX "Segment_snapshotId_idx" ON "Segment"("snapshotId");

-- CreateIndex
CREATE INDEX "Entity_hostId_toSnapshot_idx" ON "Entity"("hostId", "toSnapshot");

-- CreateIndex
CREATE INDEX "Entity_kind_name_idx" ON "Entity"("kind", "name");

-- CreateIndex
CREATE UNIQUE INDEX "Entity_kind_key_fromSnapshot_key" ON "Entity"("kind", "key", "fromSnapshot");
