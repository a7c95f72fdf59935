/*
 * What netwhy does with the rules of a chain, in C: every rule in turn, and by the same index.
 * Reads the words of rules, index and packets from the file that is its argument; prints nanoseconds a packet of both
 * and a checksum of what was found, which must be that of netwhy itself.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { RULE_WORDS = 16, PACKET_WORDS = 14, TUPLE_WORDS = 4, SLOT_WORDS = 4, ROUNDS = 25 };

static int32_t *rules, *tuples, *slots, *order, *packets;
static int32_t n_rules, n_tuples, n_slots, n_order, n_packets;

static int fits(const int32_t *r, const int32_t *p) {
  if (r[0] != 0 && r[0] != p[0]) return 0;
  if (r[1] >= 0 && r[1] != p[1]) return 0;
  if (p[2] < r[2] || p[2] > r[3] || p[3] < r[4] || p[3] > r[5]) return 0;
  if (r[6] > 0 ? r[6] != p[4] : r[6] < 0 && -r[6] == p[4]) return 0;
  if (r[7] > 0 ? r[7] != p[5] : r[7] < 0 && -r[7] == p[5]) return 0;
  if (r[8] != 0 && r[9] != p[5 + r[8]]) return 0;
  return r[10] == 0 || r[11] == p[9 + r[10]];
}

static int32_t in_turn(const int32_t *p) {
  for (int32_t i = 0; i < n_rules; i++)
    if (fits(rules + i * RULE_WORDS, p)) return i;
  return -1;
}

static uint32_t mix(uint32_t hash, uint32_t word) {
  uint32_t mixed = (hash ^ word) * 0x9e3779b1u;
  return mixed ^ (mixed >> 15);
}

static int32_t by_index(const int32_t *p) {
  int32_t best = INT32_MAX, family = p[0] == 4 ? 1 : 2;
  uint32_t mask = n_slots - SLOT_WORDS;
  for (int32_t t = 0; t < n_tuples; t += TUPLE_WORDS) {
    if (tuples[t + 1] >= best) break;
    int32_t s = tuples[t], dst = s & 7, src = (s >> 3) & 7, wanted = s >> 9;
    if (wanted != 0 && wanted != family) continue;
    uint32_t hash = tuples[t + 3];
    if (dst) hash = mix(hash, p[9 + dst]);
    if (src) hash = mix(hash, p[5 + src]);
    if (s & 64) hash = mix(hash, p[3]);
    if (s & 128) hash = mix(hash, p[4]);
    if (s & 256) hash = mix(hash, p[5]);
    uint32_t slot = (hash << 2) & mask;
    while (slots[slot + 2] != 0 && (uint32_t)slots[slot] != hash) slot = (slot + SLOT_WORDS) & mask;
    int32_t end = slots[slot + 2];
    for (int32_t at = slots[slot + 1]; at < end; at++) {
      int32_t rule = order[at];
      if (rule >= best) break;
      if (fits(rules + rule * RULE_WORDS, p)) {
        best = rule;
        break;
      }
    }
  }
  return best == INT32_MAX ? -1 : best;
}

static double now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec * 1e9 + t.tv_nsec;
}

/* The best of the rounds, each long enough for the clock. */
static double measure(int32_t (*find)(const int32_t *), int times, int64_t *sum) {
  double best = 1e18;
  for (int round = 0; round < ROUNDS; round++) {
    *sum = 0;
    double begun = now();
    for (int i = 0; i < times; i++)
      for (int32_t k = 0; k < n_packets; k++) *sum += find(packets + k * PACKET_WORDS);
    double taken = (now() - begun) / times / n_packets;
    if (taken < best) best = taken;
    *sum /= times;
  }
  return best;
}

static int32_t *words(FILE *file, int32_t *count) {
  if (fread(count, 4, 1, file) != 1) exit(1);
  int32_t *data = aligned_alloc(64, ((size_t)*count * 4 + 63) / 64 * 64 + 64);
  if (!data || fread(data, 4, *count, file) != (size_t)*count) exit(1);
  return data;
}

int main(int argc, char **argv) {
  FILE *file = argc == 2 ? fopen(argv[1], "rb") : NULL;
  if (!file) return 1;
  rules = words(file, &n_rules), n_rules /= RULE_WORDS;
  tuples = words(file, &n_tuples);
  slots = words(file, &n_slots);
  order = words(file, &n_order);
  packets = words(file, &n_packets), n_packets /= PACKET_WORDS;
  int64_t sums[2];
  double linear = measure(in_turn, 1, sums);
  double index = measure(by_index, 50, sums + 1);
  printf("{\"linear\":%f,\"index\":%f,\"sums\":[%lld,%lld]}\n", linear, index, (long long)sums[0], (long long)sums[1]);
  return 0;
}
