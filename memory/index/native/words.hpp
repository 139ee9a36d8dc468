// Words: a query's words held against those of segments; what they share, and what it costs to make one row of the other.
//
// A word that is met in a segment is known by its number while the query lasts: first by a bound on what it costs in place of
// each of the query's distinct words, and by these costs themselves once a table over words is filled.
#pragma once

#include "bits.hpp"
#include "levenshtein.hpp"
#include "query_words.hpp"

namespace memory_index {

class Words : public QueryWords {
   public:
    static constexpr i64 FEW = 24;  // words up to which their distance costs less than a bound by their order

    explicit Words(const Run& run) : QueryWords(run), met_as_(run.words, 0), laid_(UNKNOWN + 1, 0) {}

    // Cells and blocks of tables that were filled.
    i64 spent() const { return spent_ + band_.spent; }

    void begin() {
        QueryWords::begin();
        forget();
        spent_ = band_.spent = 0;
    }

    void end() {
        QueryWords::end();
        i64 distinct = i64(numbers_.size());
        have_.assign(distinct + 1, 0);  // the first is of words that are not the query's
        apart_.resize(distinct);
        maybe_.assign(distinct + 8, 0);
        large_.clear();
        for (i64 size : sizes_) large_.push_back(u8(std::min(size, LARGE)));
    }

    // a segment

    // Hold against a segment's words; false where too few are the query's. Those left over are kept.
    bool hold(const u32* theirs, i64 size) {
        found_ = theirs, theirs_ = size;
        i64 allowed = theirs_ - ceiling(FLOOR * std::max(count(), theirs_), 100);
        if (allowed < 0) return false;
        std::copy(often_.begin(), often_.end(), have_.begin() + 1);
        lefts_ = 0;
        if (i64(left_.size()) < size) left_.resize(size), as_.resize(size);
        for (i64 place = 0; place < theirs_ && lefts_ <= allowed; ++place) {
            u32 word = found_[place];
            u16& have = have_[kind_of_[word]];
            u16 taken = have > 0;
            have = u16(have - taken);
            left_[lefts_] = word;
            lefts_ += !taken;
        }
        return lefts_ <= allowed;
    }

    // Ask for what is known of a segment's words.
    void prefetch(const u32* theirs, i64 size) const {
        for (i64 place = 0; place < size; ++place) TM_PREFETCH(kind_of_.data() + theirs[place]);
    }

    i64 theirs() const { return theirs_; }
    // How many words the one has that the other has not, on the side where these are more.
    i64 unlike() const { return lefts_ + std::max<i64>(0, count() - theirs_); }

    // Whether a segment's words are the query's.
    bool same(const u32* theirs, i64 size) const {
        if (size != count()) return false;
        for (i64 place = 0; place < size; ++place)
            if (numbers_[kinds_[place]] != theirs[place]) return false;
        return true;
    }

    // What the words just read cost at least: those left over are at best made of the query's likest.
    i64 bound() {
        i64 total = ANOTHER * std::max<i64>(0, count() - theirs_);
        for (i64 place = 0; place < lefts_; ++place) {
            if (met_as_[left_[place]]) continue;
            TM_PREFETCH(run_.word_rows.at + left_[place]);
            TM_PREFETCH(run_.word_bits.at + left_[place]);
        }
        for (i64 place = 0; place < lefts_; ++place) total += least_costs_[meet(left_[place])];
        return total;
    }

    // The same by their order, or more than `limit`.
    //
    // Like words taken for the same, Levenshtein's distance is that many words added, dropped or exchanged for unlike ones,
    // each for 100; of the segment's words left over, those that are not among them cost the cheapest change there is.
    i64 bound_by_order(i64 limit) {
        i64 n = count();
        std::fill(times_, times_ + ANOTHER + 1, 0);
        for (i64 place = 0; place < lefts_; ++place) ++times_[least_costs_[meet(left_[place])]];
        for (i64 place = 0; place < theirs_; ++place) as_[place] = meet(found_[place]);
        auto likes = [this](u32 known) { return &likes_[known * blocks_]; };
        i64 unlike = band_.distance(as_.data(), theirs_, n, limit / ANOTHER, likes);
        if (unlike < 0) return limit + 1;
        i64 total = ANOTHER * unlike, more = lefts_ - unlike;
        for (i64 cost = 0; cost <= ANOTHER && more > 0; ++cost) {
            total += cost * std::min(more, times_[cost]);
            more -= times_[cost];
        }
        return total;
    }

    // What it costs to make the words just read of the query's, in hundredths, or -1 beyond `limit`.
    //
    // Equal beginnings and ends cost nothing and are left out. Of a table over what lies between only those places are filled
    // from which a way leads to the end within the limit: from place (i, j) it costs at least the difference of what is left of
    // both.
    i64 distance(i64 limit) {
        i64 first = 0, n = count(), m = theirs_;
        while (first < n && first < m && numbers_[kinds_[first]] == found_[first]) ++first;
        while (n > first && m > first && numbers_[kinds_[n - 1]] == found_[m - 1]) --n, --m;
        n -= first, m -= first;
        if (n == 0 || m == 0) return ANOTHER * std::max(n, m) <= limit ? ANOTHER * std::max(n, m) : -1;
        const i64 far = limit + 1;
        line_.assign(n + 2, far);
        auto rest = [n, m](i64 i, i64 j) { return ANOTHER * std::max((n - i) - (m - j), (m - j) - (n - i)); };
        i64 low = 0, high = 0;  // what lies beyond is too far
        while (high <= n && ANOTHER * high + rest(high, 0) <= limit) line_[high] = ANOTHER * high, ++high;
        for (i64 j = 1; j <= m; ++j) {
            if (low >= high) return -1;
            const u8* row = costs(meet(found_[first + j - 1]));
            const u32* kind = kinds_.data() + first;
            i64 diagonal = line_[low], left = std::min(far, diagonal + ANOTHER), i = low + 1;
            line_[low] = left;
            for (; i < high; ++i) {
                i64 above = line_[i], changed = diagonal + row[kind[i - 1]];
                diagonal = above;
                left = std::min({changed, above + ANOTHER, left + ANOTHER});
                line_[i] = left;
            }
            spent_ += high - low;
            if (high <= n) {
                left = std::min(diagonal + row[kind[high - 1]], left + ANOTHER);
                line_[high] = left;
                for (++high; high <= n && left + ANOTHER + rest(high, j) <= limit; ++high) line_[high] = left += ANOTHER;
            }
            while (low < high && line_[low] + rest(low, j) > limit) line_[low++] = far;
            while (high > low && line_[high - 1] + rest(high - 1, j) > limit) line_[--high] = far;
        }
        return high > n && line_[n] <= limit ? line_[n] : -1;
    }

    // Forget the words that were met where they take much room; the segment stays.
    void make_room() {
        if (i64(costs_.size() + 8 * likes_.size()) > ROOM) forget();
    }

   private:
    static constexpr i64 ROOM = 1 << 24;  // bytes
    static constexpr i64 BITS = 64;
    static constexpr i64 LARGE = 255;  // letters that words have at most where only a bound is asked for

    // The number under which a word is known while the query lasts, with a bound on what it costs in each other's place.
    u32 meet(u32 word) {
        if (met_as_[word]) return met_as_[word] - 1;
        u32 known = u32(met_.size());
        met_.push_back(word);
        met_as_[word] = known + 1;
        rows_.push_back(-1);
        i64 m = run_.word_size(word), own = i64(kind_of_[word]) - 1, distinct = i64(numbers_.size());
        u64 theirs = run_.word_bits[word];
        i64 least = ANOTHER;
        if (is_long()) likes_.resize((known + 1) * blocks_, 0);
        spent_ += distinct;
        maybe_like(m, theirs);
        for (i64 from = 0; from < distinct; from += 8) {
            u64 some;
            std::memcpy(&some, maybe_.data() + from, 8);
            if (!some) continue;
            for (i64 kind = from; kind < std::min(distinct, from + 8); ++kind) {
                if (!maybe_[kind] && kind != own) continue;
                if (kind != own) least = std::min(least, least_change(kind, m, apart_[kind]));
                if (!is_long()) continue;
                for (i64 block = 0; block < blocks_; ++block)
                    likes_[known * blocks_ + block] |= places_[kind * blocks_ + block];
            }
        }
        least_costs_.push_back(u8(least));
        return known;
    }

    // Which of the query's distinct words may be like a word of `m` letters: half of the longer one's letters must be shared,
    // and letters differ at least by their number and by the bits that only one side has.
    void maybe_like(i64 m, u64 theirs) {
        i64 distinct = i64(numbers_.size());
        apart(theirs, bits_.data(), distinct, apart_.data());
        const u8 size = u8(std::min<i64>(m, LARGE)), *apart = apart_.data(), *sizes = large_.data();
        u8* maybe = maybe_.data();
        for (i64 kind = 0; kind < distinct; ++kind) {
            u8 longer = std::max(sizes[kind], size), shorter = std::min(sizes[kind], size);
            maybe[kind] = u8((longer - shorter <= shorter) & (2 * apart[kind] <= longer) & (size > 0));
        }
    }

    // What such a change costs at least.
    i64 least_change(i64 kind, i64 m, i64 bits) const {
        i64 n = sizes_[kind], longest = std::max(n, m), apart = std::max<i64>({1, longest - std::min(n, m), bits});
        return 2 * apart > longest ? ANOTHER : ceiling(ANOTHER * apart, longest);
    }

    // What a word that was met costs in place of each of the query's distinct words.
    const u8* costs(u32 known) {
        i64 distinct = i64(numbers_.size());
        if (rows_[known] >= 0) return &costs_[rows_[known]];
        rows_[known] = i64(costs_.size());
        costs_.resize(costs_.size() + distinct, u8(ANOTHER));
        u8* row = &costs_[rows_[known]];
        u32 word = met_[known];
        i64 m = run_.word_size(word), from = run_.word_rows[word], own = i64(kind_of_[word]) - 1;
        maybe_like(m, run_.word_bits[word]);
        lay(from, m, true);
        for (i64 kind = 0; kind < distinct; ++kind)
            if (kind == own)
                row[kind] = 0;
            else if (maybe_[kind])
                row[kind] = u8(changed(kind, from, m));
        lay(from, m, false);
        return row;
    }

    // Write down at which places of a word each letter stands, or take it back.
    void lay(i64 from, i64 m, bool there) {
        for (i64 place = 0; place < std::min(m, BITS); ++place) {
            u64& places = laid_[run_.letter(run_.word_letters, from + place)];
            places = there ? places | u64(1) << place : 0;
        }
    }

    // What it costs to make one of the query's words of the one laid out, in hundredths (`memory.score.change`; Myers 1999).
    i64 changed(i64 kind, i64 from, i64 m) {
        i64 n = sizes_[kind], longest = std::max(n, m), score = m;
        if (m > BITS) return changed_slowly(kind, from, m);
        u64 up = ~u64(0), down = 0, last = u64(1) << (m - 1);
        spent_ += n;
        for (i64 place = 0; place < n; ++place) {
            u16 code = codes_[starts_[kind] + place];
            u64 same = laid_[code], across = same | down, free = (((same & up) + up) ^ up) | same;
            u64 right = down | ~(free | up), back = up & free;
            score += ((right & last) != 0) - ((back & last) != 0);
            right = right << 1 | 1;
            up = back << 1 | ~(across | right);
            down = right & across;
        }
        i64 cost = ceiling(ANOTHER * score, longest);
        return cost <= LIKE ? cost : ANOTHER;
    }

    // The same for words of more than 64 letters (Wagner and Fischer 1974).
    i64 changed_slowly(i64 kind, i64 from, i64 m) {
        i64 n = sizes_[kind], longest = std::max(n, m);
        line_of_letters_.resize(m + 1);
        for (i64 place = 0; place <= m; ++place) line_of_letters_[place] = place;
        for (i64 i = 0; i < n; ++i) {
            i64 diagonal = line_of_letters_[0]++, least = line_of_letters_[0];
            for (i64 j = 0; j < m; ++j) {
                i64 above = line_of_letters_[j + 1];
                i64 cost = codes_[starts_[kind] + i] != run_.letter(run_.word_letters, from + j);
                line_of_letters_[j + 1] = std::min({diagonal + cost, above + 1, line_of_letters_[j] + 1});
                least = std::min(least, line_of_letters_[j + 1]);
                diagonal = above;
            }
            if (2 * least > longest) return ANOTHER;
        }
        spent_ += n * m;
        i64 cost = ceiling(ANOTHER * line_of_letters_[m], longest);
        return cost <= LIKE ? cost : ANOTHER;
    }

    bool is_long() const { return count() > FEW; }

    void forget() {
        for (u32 word : met_) met_as_[word] = 0;
        met_.clear(), rows_.clear(), least_costs_.clear(), costs_.clear(), likes_.clear();
    }

    i64 spent_ = 0;
    Band band_;
    // The segment that is held against: its words, how many, those left over, and of the query's how many are still to be had.
    const u32* found_ = nullptr;
    i64 theirs_ = 0, lefts_ = 0;
    std::vector<u32> left_, as_;
    std::vector<u16> have_;
    // Words that were met: their numbers, for each word of the run one more than its place among them, and what they cost.
    std::vector<u32> met_, met_as_;
    std::vector<i64> rows_;
    std::vector<u8> least_costs_, costs_;
    std::vector<u64> likes_;
    // For one word, and for one table.
    std::vector<u64> laid_;  // for each letter its places in the word laid out
    std::vector<u8> apart_, maybe_, large_;
    std::vector<i64> line_, line_of_letters_;
    i64 times_[ANOTHER + 1] = {};
};

}  // namespace memory_index
