//! Long lists, a part at a time. The links to the other parts keep the filters.

use std::collections::BTreeMap;

use maud::{Markup, html};
use serde::Deserialize;

use super::answer::Trouble;
use super::form::Form;
use super::parts::{self, count};

/// How many rows a part has, unless the query says another of [`SIZES`].
pub const ROWS: usize = 100;
const SIZES: [usize; 4] = [20, 50, ROWS, 500];

/// The query of a list: its filters, and which part of it.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(transparent)]
pub struct Asked(BTreeMap<String, String>);

/// Where a part stands in its list.
#[derive(Debug, Clone, Copy)]
pub struct Counted {
    /// Which part it is, from 1 on.
    pub at: usize,
    /// How many rows a part has.
    pub size: usize,
    /// Of all parts.
    pub count: usize,
    /// In this part.
    pub shown: usize,
}

/// The rows of one part, and the links to its neighbours.
#[derive(Debug)]
pub struct Part<'a, T> {
    /// Which it is, from 1 on.
    pub at: usize,
    pub rows: &'a [T],
    pub links: Markup,
}

impl Asked {
    /// The filters, as the fields of a form show them.
    pub fn form(&self) -> Form {
        let mut form = Form::default();
        for (name, value) in &self.0 {
            form.set(name, value);
        }
        form
    }

    /// Whether the query asks for more than an order and a part.
    pub fn filters(&self) -> bool {
        let asked = self.0.iter().filter(|(_, value)| !value.trim().is_empty());
        asked.into_iter().any(|(name, _)| !["sort", "page", "rows"].contains(&name.as_str()))
    }

    /// How many rows in a part were asked for, if it was said.
    pub fn rows(&self) -> Option<&str> {
        self.0.get("rows").map(String::as_str).filter(|rows| !rows.trim().is_empty())
    }

    /// Which part the query names under `name`, from 1 on, and how many rows it has.
    ///
    /// # Errors
    /// When what the query names is no number from 1 on.
    pub fn place(&self, name: &str) -> Result<(usize, usize), Trouble> {
        Ok((self.at(name)?, self.size()))
    }

    fn at(&self, name: &str) -> Result<usize, Trouble> {
        let text = self.0.get(name).map_or("", |text| text.trim());
        let asked = if text.is_empty() { Some(1) } else { text.parse().ok() };
        asked.filter(|at| *at > 0).ok_or_else(|| {
            let detail = format!(
                "{name} に書けるのは 1 以上の数です（「{text}」でした）。一覧を開き直して「前へ」「次へ」を使ってください。"
            );
            Trouble::unusable(detail)
        })
    }

    /// The links from a part to its neighbours, and to parts of another size.
    pub fn links(&self, name: &str, Counted { at, size, count: all, shown }: Counted) -> Markup {
        let last = all.div_ceil(size).max(1);
        let from = (at - 1) * size;
        html! {
            @if last > 1 {
                nav.paged aria-label="一覧の続き" {
                    @if at > 1 { a href=(self.link(name, at - 1)) rel="prev" { "← 前へ" } }
                    span { "全 " (count(all)) " 件のうち " (count(from + 1)) "〜" (count(from + shown)) " 件目" }
                    @if at < last { a href=(self.link(name, at + 1)) rel="next" { "次へ →" } }
                }
            }
            @if SIZES.contains(&size) && (last > 1 || (size != ROWS && all > SIZES[0])) {
                nav.paged aria-label="1ページの件数" {
                    span { "1ページに" }
                    @for one in SIZES {
                        a href=(self.other("rows", &one.to_string())) aria-current=[(one == size).then_some("true")] { (one) "件" }
                    }
                }
            }
        }
    }

    /// The part of a list that the query names under `name`; the last one, if the
    /// list has become shorter.
    ///
    /// # Errors
    /// As of [`Asked::place`].
    pub fn part<'a, T>(&self, name: &str, all: &'a [T]) -> Result<Part<'a, T>, Trouble> {
        self.part_of(name, all, self.size())
    }

    /// As [`Asked::part`], with so many rows in a part.
    ///
    /// # Errors
    /// As of [`Asked::place`].
    pub fn part_of<'a, T>(
        &self,
        name: &str,
        all: &'a [T],
        size: usize,
    ) -> Result<Part<'a, T>, Trouble> {
        let at = self.at(name)?.min(all.len().div_ceil(size).max(1));
        let from = (at - 1) * size;
        let rows = &all[from..all.len().min(from + size)];
        let counted = Counted { at, size, count: all.len(), shown: rows.len() };
        Ok(Part { at, rows, links: self.links(name, counted) })
    }

    /// A table with the part of a list that the query names under `name`.
    ///
    /// # Errors
    /// As of [`Asked::part`].
    pub fn table<T>(
        &self,
        name: &str,
        all: &[T],
        columns: &[parts::Column],
        when_empty: &str,
        line: impl Fn(&T) -> Vec<Markup>,
    ) -> Result<Markup, Trouble> {
        let part = self.part(name, all)?;
        let lines: Vec<_> = part.rows.iter().map(line).collect();
        Ok(html! { (parts::table(columns, &lines, when_empty)) (part.links) })
    }

    /// How many rows the query wants in a part.
    fn size(&self) -> usize {
        let asked = self.0.get("rows").and_then(|text| text.trim().parse().ok());
        asked.filter(|size| SIZES.contains(size)).unwrap_or(ROWS)
    }

    /// The address of a list as a file, with the same filters and order.
    pub fn csv(&self, path: &str) -> String {
        let pairs = self.kept(&["page", "rows"]);
        if pairs.is_empty() { path.to_owned() } else { format!("{path}?{}", pairs.join("&")) }
    }

    /// This list with something else in one field, from its beginning.
    pub fn other(&self, name: &str, value: &str) -> String {
        let pairs = self.kept(&["page", name]).into_iter().chain([pair(name, value)]);
        format!("?{}", pairs.collect::<Vec<_>>().join("&"))
    }

    fn link(&self, name: &str, at: usize) -> String {
        let pairs = self.kept(&[name]).into_iter().chain([pair(name, &at.to_string())]);
        format!("?{}", pairs.collect::<Vec<_>>().join("&"))
    }

    /// What the query says, but for these fields.
    fn kept(&self, without: &[&str]) -> Vec<String> {
        let kept = self
            .0
            .iter()
            .filter(|(name, value)| !without.contains(&name.as_str()) && !value.trim().is_empty());
        kept.map(|(name, value)| pair(name, value)).collect()
    }
}

fn pair(name: &str, value: &str) -> String {
    format!("{}={}", parts::escaped(name), parts::escaped(value))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(pairs: &[(&str, &str)]) -> Asked {
        Asked(pairs.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect())
    }

    #[test]
    fn the_parts_hold_every_row_once_and_in_order() {
        let all: Vec<usize> = (0..ROWS * 2 + 1).collect();
        let mut walked = Vec::new();
        for at in ["1", "2", "3"] {
            walked.extend_from_slice(asked(&[("page", at)]).part("page", &all).unwrap().rows);
        }
        assert_eq!(walked, all);
        let beyond = asked(&[("page", "9")]);
        assert_eq!(beyond.part("page", &all).unwrap().rows, &all[ROWS * 2..]);
        assert_eq!(beyond.part::<usize>("page", &[]).unwrap().rows, &[] as &[usize]);
    }

    #[test]
    fn links_keep_the_filters_and_one_part_needs_none() {
        let all = vec![(); ROWS * 3];
        let second = asked(&[("page", "2"), ("q", "青 & 葉"), ("status", " ")]);
        let links = second.part("page", &all).unwrap().links.into_string();
        assert!(links.contains("?q=%E9%9D%92%20%26%20%E8%91%89&amp;page=1"), "{links}");
        assert!(links.contains("&amp;page=3") && !links.contains("status"), "{links}");
        assert!(links.contains("全 300 件のうち 101〜200 件目"), "{links}");
        let short = asked(&[]).part("page", &all[..ROWS]).unwrap().links.into_string();
        assert_eq!(short, "");
    }

    #[test]
    fn a_part_has_as_many_rows_as_the_query_wants_of_those_offered() {
        let all = vec![(); 60];
        let rows = |size: &str| asked(&[("rows", size)]).part("page", &all).unwrap().rows.len();
        assert_eq!(
            [rows("20"), rows("50"), rows("500"), rows("7"), rows("x")],
            [20, 50, 60, 60, 60]
        );
        let links = asked(&[("rows", "20"), ("q", "a")]).part("page", &all).unwrap().links;
        let links = links.into_string();
        assert!(links.contains("q=a&amp;rows=20&amp;page=2"), "{links}");
        assert!(links.contains("q=a&amp;rows=500") && links.contains("aria-current"), "{links}");
        assert_eq!(asked(&[("q", "a&b")]).csv("/x.csv"), "/x.csv?q=a%26b");
    }

    #[test]
    fn what_is_no_part_is_told() {
        for wrong in ["0", "-1", "two", "99999999999999999999999"] {
            let trouble = asked(&[("page", wrong)]).part("page", &[1]).unwrap_err();
            assert!(trouble.status == 422 && trouble.detail.ja.contains(wrong), "{wrong}");
        }
    }
}
