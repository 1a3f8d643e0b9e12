-- What a superuser does to sealed changes is found, and named.
\set ECHO none
\getenv test PG_ABS_SRCDIR
\i :test/lib/register.sql
BEGIN;
\i :test/lib/block.sql
SET LOCAL timezone = 'Asia/Shanghai';
SELECT block_id, block_hash FROM api.ledger_anchor() \gset
SAVEPOINT sealed;

\qecho -- as it was sealed
SELECT * FROM residency.verify_ledger();
SELECT * FROM residency.verify_anchor(:block_id, :'block_hash');

\qecho -- image, actor, time
UPDATE ledger.change SET image = image || '{"name": "李四"}' WHERE change_id = 1002;
UPDATE ledger.change SET actor = 'somebody else' WHERE change_id = 1006;
UPDATE ledger.change SET changed_at = changed_at + interval '1 minute' WHERE change_id = 1009;
SELECT * FROM residency.verify_ledger();
\qecho -- ... from a block to another
SELECT * FROM residency.verify_ledger(2, 2);
SELECT finding, remedy FROM residency.check() WHERE topic = 'ledger';
ROLLBACK TO sealed;

\qecho -- an image altered, and the digest of the true one beside it
UPDATE ledger.change SET image_digest = residency.image_digest(salt, image), image = image || '{"name": "李四"}' WHERE change_id = 1002;
SELECT * FROM residency.verify_ledger();
ROLLBACK TO sealed;

\qecho -- the contents of two changed places
UPDATE ledger.change c SET key = o.key, image = o.image, salt = o.salt FROM ledger.change o WHERE (c.change_id, o.change_id) IN ((1002, 1003), (1003, 1002));
SELECT * FROM residency.verify_ledger();
ROLLBACK TO sealed;

\qecho -- a change deleted
DELETE FROM ledger.change WHERE change_id = 1007;
SELECT * FROM residency.verify_ledger();
\qecho -- ... and its entry
DELETE FROM ledger.sealed WHERE change_id = 1007;
SELECT * FROM residency.verify_ledger();
ROLLBACK TO sealed;

\qecho -- an entry deleted
DELETE FROM ledger.sealed WHERE change_id = 1003;
SELECT * FROM residency.verify_ledger();
ROLLBACK TO sealed;

\qecho -- forged: in an old transaction, with an old number
INSERT INTO ledger.change (change_id, changed_at, transaction, cluster_id, table_name, key, operation) OVERRIDING SYSTEM VALUE VALUES
    (1500, '2001-05-03 12:00+08', '105', residency.cluster_id(), 'registry.person', '{"person_id": 7}', 'D'),
    (1004, '2001-05-03 12:00+08', '105', residency.cluster_id(), 'registry.person', '{"person_id": 7}', 'D');
SELECT * FROM residency.verify_ledger();
\qecho -- ... sealing does not take them
SELECT ledger.seal('300', 1000);
SELECT * FROM residency.verify_ledger();
ROLLBACK TO sealed;
\qecho -- ... with an old number, in a transaction of now
INSERT INTO ledger.change (change_id, changed_at, transaction, cluster_id, table_name, key, operation) OVERRIDING SYSTEM VALUE VALUES
    (1004, '2001-05-30 12:00+08', '250', residency.cluster_id(), 'registry.person', '{"person_id": 7}', 'D');
SELECT ledger.seal('300', 1000);
SELECT * FROM residency.verify_ledger();
ROLLBACK TO sealed;
\qecho -- ... as if another cluster had written it
INSERT INTO ledger.change (change_id, changed_at, transaction, cluster_id, table_name, key, operation) OVERRIDING SYSTEM VALUE VALUES
    (1600, '2001-05-30 12:00+08', '250', 1, 'registry.person', '{"person_id": 7}', 'D');
SELECT ledger.seal('300', 1000);
SELECT * FROM residency.verify_ledger();
ROLLBACK TO sealed;
\qecho -- ... with an entry of its own
INSERT INTO ledger.change (change_id, changed_at, transaction, cluster_id, table_name, key, operation) OVERRIDING SYSTEM VALUE VALUES
    (1500, '2001-05-03 12:00+08', '105', residency.cluster_id(), 'registry.person', '{"person_id": 7}', 'D');
INSERT INTO ledger.sealed SELECT 2, 4, c.change_id, c.changed_at, ledger.change_leaf(c) FROM ledger.change c WHERE c.change_id = 1500;
SELECT * FROM residency.verify_ledger();
ROLLBACK TO sealed;

\qecho -- two entries swapped
UPDATE ledger.sealed s SET change_id = o.change_id, changed_at = o.changed_at, leaf = o.leaf
FROM ledger.sealed o WHERE s.block_id = 1 AND o.block_id = 1 AND (s.position, o.position) IN ((0, 3), (3, 0));
SELECT * FROM residency.verify_ledger();
ROLLBACK TO sealed;

\qecho -- hashes: one made NULL, one altered
ALTER TABLE ledger.sealed ALTER COLUMN leaf DROP NOT NULL;
UPDATE ledger.sealed SET leaf = NULL WHERE change_id = 1002;
UPDATE ledger.sealed SET leaf = sha256('x') WHERE change_id = 1006;
SELECT * FROM residency.verify_ledger();
ROLLBACK TO sealed;
\qecho -- a change and its hash
UPDATE ledger.change SET actor = 'somebody else' WHERE change_id = 1002;
UPDATE ledger.sealed s SET leaf = ledger.change_leaf(c) FROM ledger.change c WHERE c.change_id = s.change_id AND s.change_id = 1002;
SELECT * FROM residency.verify_ledger();
\qecho -- ... and the root
UPDATE ledger.block b SET root = (SELECT residency.merkle_root(array_agg(s.leaf ORDER BY s.position)) FROM ledger.sealed s WHERE s.block_id = 1) WHERE b.block_id = 1;
SELECT * FROM residency.verify_ledger();
ROLLBACK TO sealed;

\qecho -- a block deleted; the newest one
DELETE FROM ledger.block WHERE block_id = 2;
SELECT * FROM residency.verify_ledger();
ROLLBACK TO sealed;
DELETE FROM ledger.block WHERE block_id = 3;
SELECT * FROM residency.verify_ledger();
SELECT block_id, finding FROM residency.verify_anchor(:block_id, :'block_hash');
ROLLBACK TO sealed;
\qecho -- ... with its entries: the anchor tells
DELETE FROM ledger.block WHERE block_id = 3;
DELETE FROM ledger.sealed WHERE block_id = 3;
SELECT * FROM residency.verify_ledger();
SELECT * FROM residency.verify_anchor(:block_id, :'block_hash');
ROLLBACK TO sealed;

\qecho -- a header
UPDATE ledger.block SET sealed_at = sealed_at + interval '1 day' WHERE block_id = 2;
UPDATE ledger.block SET previous = root WHERE block_id = 1;
SELECT * FROM residency.verify_ledger();
ROLLBACK TO sealed;

\qecho -- sealed anew after tampering: the anchor tells
UPDATE ledger.change SET actor = 'somebody else' WHERE change_id = 1002;
DELETE FROM ledger.block;
DELETE FROM ledger.sealed;
SELECT ledger.seal('200', 1000);
SELECT * FROM residency.verify_ledger();
SELECT * FROM residency.verify_anchor(:block_id, :'block_hash');
ROLLBACK TO sealed;

\qecho -- a partition dropped
DROP TABLE ledger.change_200105;
SELECT * FROM residency.verify_ledger();
ROLLBACK TO sealed;

\qecho -- purged as it ought to be
UPDATE ledger.change SET image_digest = residency.image_digest(salt, image), image = NULL, salt = NULL WHERE change_id = 1002;
SELECT * FROM residency.verify_ledger();
\qecho -- ... with a digest of something else, without one
UPDATE ledger.change SET image_digest = sha256('x'), image = NULL, salt = NULL WHERE change_id = 1003;
UPDATE ledger.change SET image = NULL, salt = NULL WHERE change_id = 1005;
SELECT * FROM residency.verify_ledger();
ROLLBACK;
