/** What can be decided about a held message; a final one is only deleted. */
export function DecisionButtons({ final }: { readonly final: boolean }) {
  return (
    <>
      {!final && (
        <button type="submit" name="decision" value="release">
          Release
        </button>
      )}
      <button type="submit" name="decision" value="delete" class="secondary">
        Delete
      </button>
    </>
  );
}
