import { type RecordResult, recordResult, resultCases } from "./record_result.ts";
import { fairTest } from "./testing.ts";

fairTest<RecordResult>("5.1", {
  casesOf: resultCases,
  right: {
    "the published one": recordResult,
    "one expression": ({ answerBytes, leftBytes, budgetBytes, putBack }) =>
      answerBytes <= leftBytes
        ? "Ok"
        : answerBytes <= budgetBytes && putBack()
        ? "Dropped"
        : "ProcessingFailed",
    "nested": ({ answerBytes, leftBytes, budgetBytes, putBack }) => {
      if (answerBytes > leftBytes) {
        if (answerBytes > budgetBytes || !putBack()) return "ProcessingFailed";
        return "Dropped";
      }
      return "Ok";
    },
    "too large first": (state) => {
      if (state.answerBytes > state.budgetBytes) return "ProcessingFailed";
      if (!(state.answerBytes > state.leftBytes)) return "Ok";
      return state.putBack() === true ? "Dropped" : "ProcessingFailed";
    },
  },
  wrong: {
    "the starter: always dropped": ({ answerBytes, leftBytes, putBack }) => {
      if (answerBytes <= leftBytes) return "Ok";
      putBack();
      return "Dropped";
    },
    "always Ok": () => "Ok",
    "always Dropped": () => "Dropped",
    "always ProcessingFailed": () => "ProcessingFailed",
    "Dropped, never put back": ({ answerBytes, leftBytes }) =>
      answerBytes <= leftBytes ? "Ok" : "Dropped",
    "the endless loop: a record that never fits goes back": (state) =>
      state.answerBytes <= state.leftBytes
        ? "Ok"
        : state.putBack()
        ? "Dropped"
        : "ProcessingFailed",
    "a refused record is Dropped": (state) => {
      if (state.answerBytes > state.budgetBytes) return "ProcessingFailed";
      return state.answerBytes <= state.leftBytes || !state.putBack() ? "Ok" : "Dropped";
    },
    "nothing goes back": ({ answerBytes, leftBytes }) =>
      answerBytes <= leftBytes ? "Ok" : "ProcessingFailed",
    "put back before anybody asks": (state) => {
      const accepted = state.putBack();
      if (state.answerBytes <= state.leftBytes) return "Ok";
      return accepted && state.answerBytes <= state.budgetBytes ? "Dropped" : "ProcessingFailed";
    },
    "put back, then too large": (state) => {
      if (state.answerBytes <= state.leftBytes) return "Ok";
      const accepted = state.putBack();
      return accepted && state.answerBytes <= state.budgetBytes ? "Dropped" : "ProcessingFailed";
    },
    "asked twice": (state) => {
      if (state.answerBytes <= state.leftBytes) return "Ok";
      if (state.answerBytes > state.budgetBytes) return "ProcessingFailed";
      return state.putBack() && state.putBack() ? "Dropped" : "ProcessingFailed";
    },
    "below the rest, not at it": (state) =>
      state.answerBytes < state.leftBytes
        ? "Ok"
        : recordResult({ ...state, leftBytes: Math.min(state.leftBytes, state.answerBytes - 1) }),
    "below the budget, not at it": (state) =>
      state.answerBytes > state.leftBytes && state.answerBytes >= state.budgetBytes
        ? "ProcessingFailed"
        : recordResult(state),
    "the budget in place of the rest": (state) =>
      recordResult({ ...state, leftBytes: state.budgetBytes }),
    "the rest in place of the budget": (state) =>
      recordResult({ ...state, budgetBytes: state.leftBytes }),
    "a budget twice as large": (state) =>
      recordResult({ ...state, budgetBytes: state.budgetBytes * 20 }),
    "Ok for what the stream has again": (state) =>
      recordResult(state) === "Dropped" ? "Ok" : recordResult(state),
  },
});
