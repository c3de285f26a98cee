//! Order of conversation items by predecessor, not by arrival: a late transcript slots in where its turn was spoken.
//!
//! Used by the machine (all items) and by the transcript view (only items with a row). Pure data.

use std::collections::HashMap;

use crate::identity::ItemId;

/// Items of one conversation in the order in which they were said.
#[derive(Clone, Debug, Default)]
pub(crate) struct ItemOrder {
    items: Vec<ItemId>,
    /// The predecessor that each item named. Tells where an item belongs that arrives after its successor.
    predecessors: HashMap<ItemId, ItemId>,
}

impl ItemOrder {
    /// Puts `item` behind `previous`.
    ///
    /// An unknown predecessor, or none, means the end, unless a later item has named `item` as its own predecessor: then it goes before
    /// that one. An item that is already placed moves only when it stands before its predecessor. Items that waited for `item` follow it.
    pub(crate) fn place(&mut self, item: &ItemId, previous: Option<&ItemId>) {
        let previous = previous.filter(|previous| *previous != item);
        if let Some(previous) = previous {
            self.predecessors.insert(item.clone(), previous.clone());
        }
        let behind = previous.and_then(|previous| self.position(previous));
        match (self.position(item), behind) {
            (Some(at), Some(behind)) if at < behind => self.move_behind(at, behind),
            (Some(_), _) => return,
            (None, Some(behind)) => self.items.insert(behind + 1, item.clone()),
            (None, None) => {
                let successor = self
                    .items
                    .iter()
                    .position(|later| self.predecessors.get(later) == Some(item));
                self.items.insert(successor.unwrap_or(self.items.len()), item.clone());
            }
        }
        self.gather_followers(item);
    }

    /// Moves the item at `at` to directly behind the later one at `behind`.
    fn move_behind(&mut self, at: usize, behind: usize) {
        let item = self.items.remove(at);
        // The removal moved the predecessor one place forward, so `behind` is the place after it.
        self.items.insert(behind, item);
    }

    /// Items that named `item` as their predecessor and stand before it come behind it, and those that named them behind them. Each moves
    /// once, so that a backend whose predecessors go in a circle cannot keep this busy.
    fn gather_followers(&mut self, item: &ItemId) {
        let mut moved = Vec::new();
        let mut leaders = vec![item.clone()];
        while let Some(leader) = leaders.pop() {
            while let Some(behind) = self.position(&leader)
                && let Some(at) = self.items[..behind]
                    .iter()
                    .position(|early| self.predecessors.get(early) == Some(&leader) && !moved.contains(early))
            {
                moved.push(self.items[at].clone());
                leaders.push(self.items[at].clone());
                self.move_behind(at, behind);
            }
        }
    }

    /// The predecessor that `item` named last.
    pub(crate) fn named_predecessor(&self, item: &ItemId) -> Option<&ItemId> {
        self.predecessors.get(item)
    }

    /// Where `item` stands, from 0.
    pub(crate) fn position(&self, item: &ItemId) -> Option<usize> {
        // Predecessors are nearly always among the last items, so a search from the end looks at one or two.
        self.items.iter().rposition(|known| known == item)
    }

    /// All items, first said first.
    pub(crate) fn items(&self) -> &[ItemId] {
        &self.items
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(text: &str) -> ItemId {
        ItemId::new(text)
    }

    fn texts(order: &ItemOrder) -> Vec<&str> {
        order.items().iter().map(ItemId::as_str).collect()
    }

    #[test]
    fn a_late_item_goes_directly_behind_its_predecessor() {
        let mut order = ItemOrder::default();
        order.place(&id("greeting"), None);
        order.place(&id("reply"), Some(&id("question")));
        order.place(&id("question"), Some(&id("greeting")));
        assert_eq!(texts(&order), ["greeting", "question", "reply"]);
    }

    #[test]
    fn a_late_first_item_goes_before_the_one_that_named_it() {
        let mut order = ItemOrder::default();
        order.place(&id("reply"), Some(&id("question")));
        order.place(&id("question"), None);
        assert_eq!(texts(&order), ["question", "reply"]);
    }

    #[test]
    fn an_item_before_its_predecessor_moves_behind_it() {
        let mut order = ItemOrder::default();
        for item in ["a", "late", "b"] {
            order.place(&id(item), None);
        }
        order.place(&id("late"), Some(&id("b")));
        assert_eq!(texts(&order), ["a", "b", "late"]);
    }

    #[test]
    fn predecessors_in_a_circle_are_harmless() {
        let mut order = ItemOrder::default();
        for (item, previous) in [("a", "c"), ("b", "a"), ("c", "b"), ("a", "c"), ("b", "a")] {
            order.place(&id(item), Some(&id(previous)));
        }
        assert_eq!(order.items().len(), 3);
    }

    #[test]
    fn an_item_that_names_itself_is_harmless() {
        let mut order = ItemOrder::default();
        order.place(&id("a"), Some(&id("a")));
        order.place(&id("a"), Some(&id("a")));
        assert_eq!(texts(&order), ["a"]);
    }
}
