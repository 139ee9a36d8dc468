// Run: the arrays of one immutable part of the index, mapped from a file that may be damaged.
//
// Every number that is read is held against the bounds of what it points into: a damaged file gives wrong answers, no crash.
#pragma once

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <stdexcept>
#include <vector>

#if defined(_MSC_VER)
#include <intrin.h>
#define TM_POPCOUNT(bits) static_cast<int>(__popcnt64(bits))
#define TM_PREFETCH(place)
inline int TM_LOWEST(unsigned long bits) {
    unsigned long place;
    _BitScanForward(&place, bits);
    return int(place);
}
#else
#define TM_POPCOUNT(bits) __builtin_popcountll(bits)
#define TM_PREFETCH(place) __builtin_prefetch(place)
#define TM_LOWEST(bits) __builtin_ctz(bits)
#endif

namespace memory_index {

using i64 = std::int64_t;
using u8 = std::uint8_t;
using u16 = std::uint16_t;
using u32 = std::uint32_t;
using u64 = std::uint64_t;

// As in memory/score.py.
constexpr i64 FULL = 10000, FLOOR = 60, SHORT = 2, LIKE = 50, LONGEST = 10000, ANOTHER = 100;
// As in memory/index/build.py.
constexpr u64 GOLDEN = 0x9E3779B97F4A7C15ULL;
constexpr u32 MANY = 0x80000000U;  // marks a chunk of no word or of several
constexpr i64 POSITION_BITS = 4, MOST_POSITION = (1 << POSITION_BITS) - 1;
constexpr i64 WIDTHS = 5;  // kinds of signatures: of 64, 128, 256, 512 and 1,024 bits

constexpr u16 UNKNOWN = 0xFFFF;  // a letter that the run has not
constexpr i64 PREFETCH = 24;     // places ahead for which memory is asked

inline i64 ceiling(i64 value, i64 by) { return (value + by - 1) / by; }

template <class T>
struct Row {
    const T* at = nullptr;
    i64 count = 0;

    const T& operator[](i64 place) const { return at[place]; }
    i64 lower(u64 value) const { return lower(value, 0, count); }
    // The first place from `low` to before `high` that holds `value` or more; the row is sorted.
    i64 lower(u64 value, i64 low, i64 high) const {
        return std::lower_bound(at + low, at + high, value, [](T one, u64 other) { return one < other; }) - at;
    }
};

// A run as it lies in its file; see memory/index/build.py for what each array holds.
struct Run {
    Row<u32> alphabet, chunk_rows, chunk_word, chunk_words, word_rows, digest_words, word_ranks, again_ranks;
    Row<u32> groups, group_starts;
    Row<u32> posting_rows, postings, row_ends, more_variants, more_pairs, numbers_places, numbers, codes_places, codes;
    Row<u16> lengths;
    Row<u8> chunk_letters, word_letters, label_letters;  // bytes: of one letter each, or of half a letter where `wide`
    Row<u8> short_words, rows, group_extra, group_width;
    Row<u64> word_bits, word_digests, again_digests, signatures;
    Row<u32> pairs;
    Row<u64> wide_pairs;  // instead of `pairs` where numbers need more than 32 bits
    bool wide = false;

    i64 count = 0, chunks = 0, words = 0, largest = 0;  // largest: segments of the largest group
    i64 labels = 0;                                     // segments of at most SHORT words; they come first
    std::vector<i64> signed_from;                       // where the signatures of each group begin
    std::vector<i64> label_from, label_letters_from;    // for each length where its labels and their letters begin
    std::vector<u16> table;                             // letters below TABLE to their place in the alphabet

    // Take the sizes from the arrays. Throws std::invalid_argument for groups that contradict each other.
    void check() {
        count = lengths.count;
        chunks = std::min(chunk_rows.count - 1, chunk_word.count);
        words = std::min({word_rows.count - 1, word_ranks.count, word_bits.count});
        if (row_ends.count != count + 1 || chunks < 0 || words < 0 || group_starts.count != groups.count + 1)
            throw std::invalid_argument("The arrays of the run are damaged.");
        if (digest_words.count != word_digests.count || again_ranks.count != again_digests.count)
            throw std::invalid_argument("The words of the run are damaged.");
        if (group_extra.count != groups.count || group_width.count != groups.count)
            throw std::invalid_argument("The groups of the run are damaged.");
        i64 from = 0;
        for (i64 group = 0; group < groups.count; ++group) {
            i64 size = i64(group_starts[group + 1]) - group_starts[group];
            bool rising = group == 0 || groups[group] > groups[group - 1];
            if (group_width[group] >= WIDTHS || size < 0 || group_starts[group + 1] > count || !rising)
                throw std::invalid_argument("The groups of the run are damaged.");
            signed_from.push_back(from);
            from += size << group_width[group];
            largest = std::max(largest, size);
        }
        if (from > signatures.count) throw std::invalid_argument("The signatures of the run are damaged.");
        if (groups.count && groups[0] == 0 && group_starts[0] == 0) labels = std::min<i64>(group_starts[1], short_words.count);
        i64 letters = 0, longest = labels ? lengths[labels - 1] : -1;
        for (i64 length = 0; length <= longest + 1; ++length) {
            i64 place = lengths.lower(u64(length), 0, labels);
            if (length) letters += (place - label_from.back()) * (length - 1);
            label_from.push_back(place);
            label_letters_from.push_back(letters);
        }
        if (letters << wide > label_letters.count) throw std::invalid_argument("The labels of the run are damaged.");
        table.assign(TABLE, UNKNOWN);
        for (i64 place = 0; place < alphabet.count && alphabet[place] < TABLE; ++place) table[alphabet[place]] = u16(place);
    }

    // A letter's place in the alphabet.
    u16 code(u32 letter) const {
        if (letter < TABLE) return table[letter];
        i64 place = alphabet.lower(letter);
        return place < alphabet.count && alphabet[place] == letter ? u16(place) : UNKNOWN;
    }

    u16 letter(const Row<u8>& letters, i64 place) const {
        return wide ? u16(letters[2 * place] | letters[2 * place + 1] << 8) : letters[place];
    }

    i64 word_size(i64 word) const {
        i64 size = i64(word_rows[word + 1]) - word_rows[word];
        return size > 0 && (i64(word_rows[word]) + size) << wide <= word_letters.count ? size : 0;
    }

    // Add the chunks of a segment, at most LONGEST, to a row; false where the run is damaged.
    bool read_chunks(i64 segment, std::vector<u32>& out) const {
        i64 from = row_ends[segment], until = row_ends[segment + 1];
        if (from > until || until > rows.count || until - from > 5 * LONGEST) return false;
        const u8 *at = rows.at + from, *end = rows.at + until;
        while (at < end) {
            u32 chunk = number_at(at, end);
            if (chunk >= chunks) return false;
            TM_PREFETCH(chunk_word.at + chunk);
            out.push_back(chunk);
        }
        return true;
    }

    // Add the words of chunks, at most LONGEST, to a row; false where the run is damaged.
    bool read_words(const u32* row, i64 size, std::vector<u32>& out) const {
        size_t most = out.size() + LONGEST;
        for (i64 place = 0; place < size; ++place) {
            u32 word = chunk_word[row[place]];
            if (word < MANY) {
                if (word >= words) return false;
                out.push_back(word);
                continue;
            }
            i64 at = word - MANY;
            if (at >= chunk_words.count || chunk_words[at] > chunk_words.count - 1 - at) return false;
            for (i64 next = at + 1; next <= at + chunk_words[at]; ++next) {
                if (chunk_words[next] >= words) return false;
                out.push_back(chunk_words[next]);
            }
        }
        return out.size() <= most;
    }

    // The letters of chunks, at most LONGEST, each as `as[its place in the alphabet]`; -1 where the run is damaged.
    i64 read_letters(const u32* row, i64 size, const std::vector<u16>& as, u16* out) const {
        i64 found = 0, total = chunk_letters.count >> wide;
        u16 space = table[' '] < alphabet.count ? as[table[' ']] : u16(0);
        for (i64 place = 0; place < size; ++place) {
            i64 from = chunk_rows[row[place]], until = chunk_rows[row[place] + 1];
            if (from > until || until > total || found + until - from >= LONGEST) return -1;
            if (place) out[found++] = space;
            if (!read_letters(chunk_letters, from, until, as, out + found)) return -1;
            found += until - from;
        }
        return found;
    }

    // The letters of a label.
    bool read_label(i64 segment, const std::vector<u16>& as, u16* out) const {
        i64 from = label_at(segment);
        return from >= 0 && read_letters(label_letters, from, from + lengths[segment], as, out);
    }

    bool read_letters(const Row<u8>& letters, i64 from, i64 until, const std::vector<u16>& as, u16* out) const {
        const u32 known = u32(alphabet.count);
        u32 worst = 0;
        if (wide) {
            for (i64 place = from; place < until; ++place) {
                u16 code = letter(letters, place);
                worst = std::max<u32>(worst, code);
                *out++ = as[std::min<u32>(code, known)];
            }
        } else {
            for (i64 place = from; place < until; ++place) {
                worst = std::max<u32>(worst, letters[place]);
                *out++ = as[std::min<u32>(letters[place], known)];
            }
        }
        return worst < known || from == until;
    }

    void prefetch_letters(u32 chunk) const {
        i64 place = i64(chunk_rows[chunk]) << wide;
        if (place < chunk_letters.count) TM_PREFETCH(chunk_letters.at + place);
    }

    void prefetch_label(i64 segment) const { TM_PREFETCH(label_letters.at + (std::max<i64>(0, label_at(segment)) << wide)); }

    void prefetch_row(i64 segment) const {
        if (row_ends[segment] < rows.count) TM_PREFETCH(rows.at + row_ends[segment]);
    }

   private:
    // Where the letters of a label begin; -1 where the run is damaged.
    i64 label_at(i64 segment) const {
        i64 length = lengths[segment];
        if (length >= i64(label_from.size())) return -1;
        i64 from = label_letters_from[length] + (segment - label_from[length]) * length;
        return from >= 0 && from + length <= label_letters.count >> wide ? from : -1;
    }

    // A number of bytes of seven bits, low ones first, mostly without a branch; `at` goes behind it.
    static u32 number_at(const u8*& at, const u8* end) {
        if (end - at >= 4) {
            u32 bytes;
            std::memcpy(&bytes, at, 4);
            if (u32 last = ~bytes & 0x80808080U) {
                int size = TM_LOWEST(last) + 1;
                at += size >> 3;
                u32 number = (bytes & 0x7F) | (bytes >> 1 & 0x3F80) | (bytes >> 2 & 0x1FC000) | (bytes >> 3 & 0xFE00000);
                return number & ((u32(1) << (7 * (size >> 3))) - 1);
            }
        }
        u32 number = 0;
        for (int shift = 0; at < end && shift <= 28; shift += 7) {
            u32 more = *at++;
            number |= (more & 0x7F) << shift;
            if (!(more & 0x80)) break;
        }
        return number;
    }

    static constexpr i64 TABLE = 0x3100;  // covers all alphabets in use but Han and rare ones
};

// The bits of letters, told apart by occurrence: two texts differ in at least as many letters as their bits do.
inline u64 bag(std::vector<u32> letters) {
    std::sort(letters.begin(), letters.end());
    u64 bits = 0, again = 0;
    for (size_t place = 0; place < letters.size(); ++place) {
        again = place && letters[place] == letters[place - 1] ? again + 1 : 0;
        bits |= u64(1) << ((((again << 32) + letters[place]) * GOLDEN) >> 58);
    }
    return bits;
}

// A number for a word that is the same in every process; as `memory.index.segments.word_digests`.
inline u64 word_digest(const std::vector<u32>& letters) {
    u64 value = GOLDEN;
    for (u32 letter : letters) {
        value = (value ^ letter) * 0xFF51AFD7ED558CCDULL;
        value ^= value >> 32;
    }
    return value;
}

}  // namespace memory_index
