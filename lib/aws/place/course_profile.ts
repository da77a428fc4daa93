/**
 * The profile that notebook 0 makes. On a real account it lies in the reader's own AWS files. So its
 * section in `config` has a line that stands for the project's tag, and a profile of this name
 * without that line is somebody's own: it is never changed.
 * @module
 */

import { COURSE_PROFILE, type Whereabouts } from "./names.ts";
import { isOurs, NotOursError, PROJECT_TAG } from "./ownership.ts";
import {
  type AwsFiles,
  type Profile,
  profileNames,
  profileSettings,
  writeProfile,
} from "./profiles.ts";

/** The part of a notebook's `Lab` that this uses. */
export interface ProfilePlace extends Pick<Whereabouts, "mode" | "profile"> {
  readonly files: AwsFiles;
}

/** Writes the profile. Throws as {@linkcode assertCourseProfileIsFree} does, before any change. */
export async function writeCourseProfile(place: ProfilePlace, profile: Profile): Promise<void> {
  await assertCourseProfileIsFree(place);
  await writeProfile(place.files, COURSE_PROFILE, profile, {
    [PROJECT_TAG.Key]: PROJECT_TAG.Value,
  });
}

/**
 * Does nothing in the sandbox, which has its own files. On a real account it throws a `NotOursError`
 * if the reader's files have such a profile of the reader's own, and an `Error` if the notebook runs
 * with the profile of an earlier run: it would delete the key that it works with.
 */
export async function assertCourseProfileIsFree(
  { mode, profile, files }: ProfilePlace,
): Promise<void> {
  if (mode === "sandbox" || !(await profileNames(files)).includes(COURSE_PROFILE)) return;
  if (!isOurs(await profileSettings(files, "config", COURSE_PROFILE))) throw foreign(files.config);
  if (profile !== COURSE_PROFILE) return;
  throw new Error(
    `Notebook 0 replaces the key in the profile "${COURSE_PROFILE}", so it can't work with this ` +
      "profile. Choose another one for this notebook. Nothing was changed.",
  );
}

function foreign(config: string): NotOursError {
  return new NotOursError([{
    what: `profile ${COURSE_PROFILE}`,
    found: [`no line "${PROJECT_TAG.Key} = ${PROJECT_TAG.Value}" in its section of ${config}`],
    wouldChange: ["its region and its key"],
    advice: "Give your profile another name in both AWS files, then run this cell again.",
  }]);
}
