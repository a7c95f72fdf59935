-- CreateTable
CREATE TABLE "Snapshot" (
    "id" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    "takenAt" DATETIME NOT NULL,
    "label" TEXT,
    "hosts" INTEGER NOT NULL,
    "networks" INTEGER NOT NULL,
    "endpoints" INTEGER NOT NULL,
    "natRules" INTEGER NOT NULL,
    "gaps" INTEGER NOT NULL
);

-- CreateTable
CREATE TABLE "Segment" (
    "id" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    "snapshotId" INTEGER NOT NULL,
    "host" TEXT NOT NULL,
    "collectedAt" TEXT NOT NULL,
    "encoding" TEXT NOT NULL,
    "sha256" TEXT NOT NULL,
    "size" INTEGER NOT NULL,
    "data" BLOB NOT NULL,
    CONSTRAINT "Segment_snapshotId_fkey" FOREIGN KEY ("snapshotId") REFERENCES "Snapshot" ("id") ON DELETE CASCADE ON UPDATE CASCADE
);

-- CreateTable
CREATE TABLE "HostEntity" (
    "id" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    "snapshotId" INTEGER NOT NULL,
    "key" TEXT NOT NULL,
    "host" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "addresses" TEXT NOT NULL,
    "data" TEXT NOT NULL,
    CONSTRAINT "HostEntity_snapshotId_fkey" FOREIGN KEY ("snapshotId") REFERENCES "Snapshot" ("id") ON DELETE CASCADE ON UPDATE CASCADE
);

-- CreateTable
CREATE TABLE "NetworkEntity" (
    "id" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    "snapshotId" INTEGER NOT NULL,
    "key" TEXT NOT NULL,
    "host" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "addresses" TEXT NOT NULL,
    "data" TEXT NOT NULL,
    CONSTRAINT "NetworkEntity_snapshotId_fkey" FOREIGN KEY ("snapshotId") REFERENCES "Snapshot" ("id") ON DELETE CASCADE ON UPDATE CASCADE
);

-- CreateTable
CREATE TABLE "EndpointEntity" (
    "id" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    "snapshotId" INTEGER NOT NULL,
    "key" TEXT NOT NULL,
    "host" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "addresses" TEXT NOT NULL,
    "data" TEXT NOT NULL,
    CONSTRAINT "EndpointEntity_snapshotId_fkey" FOREIGN KEY ("snapshotId") REFERENCES "Snapshot" ("id") ON DELETE CASCADE ON UPDATE CASCADE
);

-- CreateTable
CREATE TABLE "NatRuleEntity" (
    "id" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    "snapshotId" INTEGER NOT NULL,
    "key" TEXT NOT NULL,
    "host" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "addresses" TEXT NOT NULL,
    "data" TEXT NOT NULL,
    CONSTRAINT "NatRuleEntity_snapshotId_fkey" FOREIGN KEY ("snapshotId") REFERENCES "Snapshot" ("id") ON DELETE CASCADE ON UPDATE CASCADE
);

-- CreateIndex
CREATE INDEX "Snapshot_takenAt_idx" ON "Snapshot"("takenAt");

-- CreateIndex
CREATE INDEX "Snapshot_label_idx" ON "Snapshot"("label");

-- CreateIndex
CREATE UNIQUE INDEX "Segment_snapshotId_host_key" ON "Segment"("snapshotId", "host");

-- CreateIndex
CREATE INDEX "HostEntity_name_idx" ON "HostEntity"("name");

-- CreateIndex
CREATE UNIQUE INDEX "HostEntity_snapshotId_key_key" ON "HostEntity"("snapshotId", "key");

-- CreateIndex
CREATE INDEX "NetworkEntity_name_idx" ON "NetworkEntity"("name");

-- CreateIndex
CREATE UNIQUE INDEX "NetworkEntity_snapshotId_key_key" ON "NetworkEntity"("snapshotId", "key");

-- CreateIndex
CREATE INDEX "EndpointEntity_name_idx" ON "EndpointEntity"("name");

-- CreateIndex
CREATE UNIQUE INDEX "EndpointEntity_snapshotId_key_key" ON "EndpointEntity"("snapshotId", "key");

-- CreateIndex
CREATE INDEX "NatRuleEntity_name_idx" ON "NatRuleEntity"("name");

-- CreateIndex
CREATE UNIQUE INDEX "NatRuleEntity_snapshotId_key_key" ON "NatRuleEntity"("snapshotId", "key");
