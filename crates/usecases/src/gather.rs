//! Gathering 合并查询: look-ups that wait at the same time become one question to the engine.
//!
//! Nothing is kept from one question to the next: each look-up is answered by a question that began
//! after it was asked, so what was changed or switched off a moment ago is seen.

use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::oneshot;

use crate::error::{Error, Result};

/// Most look-ups in one question.
const MOST: usize = 64;

/// Questions on their way at the same time: with one alone, more look-ups share a question and the pages
/// that it reads.
const WORKERS: usize = 1;

type Answer<V> = oneshot::Sender<Option<V>>;

/// Look-ups of one kind. Cheap to clone.
pub(crate) struct Gather<K, V>(Arc<Mutex<Waiting<K, V>>>);

struct Waiting<K, V> {
    asked: Vec<(K, Answer<V>)>,
    workers: usize,
}

impl<K, V> Clone for Gather<K, V> {
    fn clone(&self) -> Self {
        Self(self.0.clone())
    }
}

impl<K, V> Default for Gather<K, V> {
    fn default() -> Self {
        Self(Arc::new(Mutex::new(Waiting { asked: Vec::new(), workers: 0 })))
    }
}

impl<K, V> Gather<K, V>
where
    K: Clone + Send + 'static,
    V: Send + 'static,
{
    /// Answers one look-up; `load` answers many, in their order.
    ///
    /// # Errors
    /// Those of `load`, asked for this key alone, if a question for many failed.
    pub(crate) async fn ask<F, Fut>(&self, key: K, load: F) -> Result<V>
    where
        F: Fn(Vec<K>) -> Fut + Clone + Send + 'static,
        Fut: Future<Output = Result<Vec<V>>> + Send + 'static,
    {
        let (sender, answer) = oneshot::channel();
        if self.wait(key.clone(), sender) {
            // By itself, so that nobody waits in vain when the one who asked first goes away.
            tokio::spawn(self.clone().work(load.clone()));
        }
        if let Ok(Some(value)) = answer.await {
            return Ok(value);
        }
        let alone = load(vec![key]).await?.pop();
        alone.ok_or(Error::Internal("a look-up without an answer"))
    }

    /// Puts a look-up in line; says whether one more worker is needed.
    fn wait(&self, key: K, sender: Answer<V>) -> bool {
        let mut waiting = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        waiting.asked.push((key, sender));
        let more = waiting.workers < WORKERS;
        waiting.workers += usize::from(more);
        more
    }

    /// The next look-ups in line; none ends the worker.
    fn next(&self) -> Vec<(K, Answer<V>)> {
        let mut waiting = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let count = waiting.asked.len().min(MOST);
        if count == 0 {
            waiting.workers -= 1;
        }
        waiting.asked.drain(..count).collect()
    }

    async fn work<F, Fut>(self, load: F)
    where
        F: Fn(Vec<K>) -> Fut + Send,
        Fut: Future<Output = Result<Vec<V>>> + Send + 'static,
    {
        let mut place = Place { gather: &self, is_taken: true };
        loop {
            let asked = self.next();
            if asked.is_empty() {
                place.is_taken = false;
                return;
            }
            let (keys, senders): (Vec<_>, Vec<_>) = asked.into_iter().unzip();
            let mut values = load(keys).await.unwrap_or_default().into_iter();
            for sender in senders {
                // Whoever went away meanwhile needs no answer.
                let _ = sender.send(values.next());
            }
        }
    }
}

/// A worker's place: given back also when the worker is thrown out, or nobody would follow him.
struct Place<'a, K, V> {
    gather: &'a Gather<K, V>,
    is_taken: bool,
}

impl<K, V> Drop for Place<'_, K, V> {
    fn drop(&mut self) {
        if self.is_taken {
            let mut waiting = self.gather.0.lock().unwrap_or_else(PoisonError::into_inner);
            waiting.workers -= 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;

    #[tokio::test]
    async fn many_share_a_question_and_each_gets_its_own_answer() {
        let gather = Gather::<u64, u64>::default();
        let questions = Arc::new(AtomicUsize::new(0));
        let asks = (0..300).map(|key| {
            let (gather, questions) = (gather.clone(), questions.clone());
            async move {
                let load = move |keys: Vec<u64>| {
                    questions.fetch_add(1, Ordering::Relaxed);
                    async move {
                        tokio::task::yield_now().await;
                        Ok(keys.iter().map(|key| key * 2).collect())
                    }
                };
                gather.ask(key, load).await.unwrap()
            }
        });
        let tasks: Vec<_> = asks.map(tokio::spawn).collect();
        for (key, task) in (0..).zip(tasks) {
            assert_eq!(task.await.unwrap(), key * 2);
        }
        assert!(questions.load(Ordering::Relaxed) < 100, "look-ups were not gathered");
    }

    #[tokio::test]
    async fn one_that_cannot_be_answered_does_not_take_the_others_with_it() {
        let gather = Gather::<u64, u64>::default();
        let load = |keys: Vec<u64>| async move {
            if keys.contains(&3) { Err(Error::NotFound) } else { Ok(keys) }
        };
        let asks = (0..5).map(|key| {
            let gather = gather.clone();
            tokio::spawn(async move { gather.ask(key, load).await })
        });
        let asks: Vec<_> = asks.collect();
        for (key, ask) in (0..).zip(asks) {
            let answer = ask.await.unwrap();
            assert_eq!(answer.ok(), (key != 3).then_some(key));
        }
    }

    #[tokio::test]
    async fn who_goes_away_keeps_nobody_waiting() {
        let gather = Gather::<u64, u64>::default();
        let load = |keys: Vec<u64>| async move {
            tokio::task::yield_now().await;
            Ok(keys)
        };
        drop(tokio::time::timeout(std::time::Duration::ZERO, gather.ask(1, load)).await);
        assert_eq!(gather.ask(2, load).await.unwrap(), 2);
    }
}
