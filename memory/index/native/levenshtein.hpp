// Levenshtein: the distance of rows of symbols by bits, 64 places at once and no further than asked.
#pragma once

#include "run.hpp"

namespace memory_index {

class Band {
   public:
    i64 spent = 0;  // blocks that were gone through

    // Levenshtein's distance of `m` symbols to a row of `n`, or -1 beyond `most`; `row(symbol)` gives the places of a symbol in
    // that row, 64 to a block (Myers 1999, Hyyrö 2003).
    //
    // Only blocks from which a way may lead to the end within `most` are gone through (Ukkonen 1985). Values at their edges are
    // those of real ways, only not the shortest, so that none comes out too low.
    template <class Symbol, class Rows>
    i64 distance(const Symbol* text, i64 m, i64 n, i64 most, Rows row) {
        if (std::max(n, m) - std::min(n, m) > most) return -1;
        if (n == 0 || m == 0) return std::max(n, m);
        n_ = n, most_ = most, blocks_ = ceiling(n, 64);
        up_.resize(blocks_), down_.resize(blocks_), score_.resize(blocks_);
        i64 first = 0, last = -1;
        do begin(++last);
        while (last + 1 < blocks_ && leads_on(last, m));
        for (i64 place = 0; place < m; ++place) {
            const u64* places = row(text[place]);
            u64 into_right = 1, into_back = 0;
            spent += last + 1 - first;
            for (i64 block = first; block <= last; ++block) {
                u64 up = up_[block], down = down_[block], same = places[block], across = same | down;
                same |= into_back;
                u64 free = (((same & up) + up) ^ up) | same;
                u64 right = down | ~(free | up), back = up & free;
                int end = block == blocks_ - 1 ? int((n - 1) & 63) : 63;
                score_[block] += i64(right >> end & 1) - i64(back >> end & 1);
                u64 moved = right << 1 | into_right;
                up_[block] = (back << 1 | into_back) | ~(across | moved);
                down_[block] = moved & across;
                into_right = right >> 63;
                into_back = back >> 63;
            }
            i64 left = m - 1 - place;
            while (last + 1 < blocks_ && leads_on(last, left)) begin(++last);
            if (place % CHECKED) continue;
            while (first <= last && is_dead(first, left)) ++first;
            while (first <= last && is_dead(last, left) && (first == last || !leads_on(last - 1, left))) --last;
            if (first > last) return -1;
        }
        return last == blocks_ - 1 && score_[last] <= most ? score_[last] : -1;
    }

   private:
    static constexpr i64 CHECKED = 4;  // columns after which blocks are looked at

    i64 bottom(i64 block) const { return std::min((block + 1) << 6, n_); }

    // A block below the others: at first its lines are reached from above only.
    void begin(i64 block) {
        up_[block] = ~u64(0), down_[block] = 0;
        score_[block] = block ? score_[block - 1] + bottom(block) - bottom(block - 1) : bottom(block);
    }

    // Whether a way through a block's last line may lead to the end, with so many symbols left: it costs at least the
    // difference of what is left of both.
    bool leads_on(i64 block, i64 left) const {
        i64 lines = n_ - bottom(block);
        return score_[block] + std::max(lines - left, left - lines) <= most_;
    }

    // Whether none of a block's lines leads to the end: a line that stands `up` lines above the last costs at most `up` less.
    bool is_dead(i64 block, i64 left) const {
        i64 more = left - (n_ - bottom(block)), up = std::min<i64>(std::max<i64>(more, 0), 63);
        return score_[block] - up + std::max(more - up, up - more) > most_;
    }

    i64 n_ = 0, most_ = 0, blocks_ = 0;
    std::vector<u64> up_, down_;
    std::vector<i64> score_;
};

// A row of symbols prepared to be compared with others. Slot 0 stands for symbols that are not in it.
class Pattern {
   public:
    i64 size = 0;

    // Blocks that were gone through.
    i64 spent() const { return spent_ + band_.spent; }

    // Begin a row of so many symbols of so many kinds; `set` says what stands where, all else is like nobody's.
    void begin(i64 symbols, i64 kinds) {
        size = symbols;
        blocks_ = std::max<i64>(1, ceiling(symbols, 64));
        places_.assign((kinds + 1) * blocks_, 0);
        own_.assign(symbols, NOBODY);
        spent_ = band_.spent = 0;
    }

    void set(i64 place, u16 slot) {
        places_[slot * blocks_ + (place >> 6)] |= u64(1) << (place & 63);
        own_[place] = slot;
    }

    // Levenshtein's distance to a row of `count` slots, or -1 beyond `most`.
    //
    // Equal beginnings and ends cost nothing and are left out. What lies between is compared by bits (Myers 1999, Hyyrö 2003).
    i64 distance(const u16* text, i64 count, i64 most) {
        if (std::max(size, count) - std::min(size, count) > most) return -1;
        i64 shorter = std::min(size, count), first = 0, n = size, m = count;
        while (first < shorter && text[first] == own_[first]) ++first;
        while (n > first && m > first && text[m - 1] == own_[n - 1]) --n, --m;
        if (n == first || m == first) return std::max(n, m) - first;
        if (n - first <= 64) return near(text + first, m - first, first, n - first, most);
        i64 block = first >> 6, skipped = block << 6;
        return band_.distance(text + skipped, m - skipped, n - skipped, most,
                              [this, block](u16 slot) { return places_.data() + slot * blocks_ + block; });
    }

   private:
    // The same of up to 64 places from `first`.
    i64 near(const u16* text, i64 m, i64 first, i64 n, i64 most) {
        u64 up = ~u64(0), down = 0, last = u64(1) << (n - 1);
        i64 score = n, left = m, block = first >> 6, shift = first & 63;
        bool two = shift && block + 1 < blocks_;
        spent_ += m;
        for (i64 place = 0; place < m; ++place) {
            const u64* row = places_.data() + text[place] * blocks_ + block;
            u64 same = row[0] >> shift;
            if (two) same |= row[1] << (64 - shift);
            u64 across = same | down, free = (((same & up) + up) ^ up) | same;
            u64 right = down | ~(free | up), back = up & free;
            score += ((right & last) != 0) - ((back & last) != 0);
            --left;
            if (score - left > most) return -1;
            right = right << 1 | 1;
            up = back << 1 | ~(across | right);
            down = right & across;
        }
        return score;
    }

    static constexpr u16 NOBODY = 0xFFFF;  // no slot: a symbol that nobody else has
    i64 blocks_ = 1, spent_ = 0;
    Band band_;
    std::vector<u64> places_;
    std::vector<u16> own_;
};

}  // namespace memory_index
