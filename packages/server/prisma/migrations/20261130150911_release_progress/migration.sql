-- AlterEnum
ALTER TYPE "release_status" ADD VALUE 'writing' BEFORE 'released';
ALTER TYPE "release_status" ADD VALUE 'failed' BEFORE 'released';

-- AlterTable
ALTER TABLE "release" ADD COLUMN     "failures" INTEGER NOT NULL DEFAULT 0;
