// Uploads of many files, one after the other: each becomes a draft that shows its own progress.

/** Let a form take files by dropping or choosing them. */
export function prepareUploads(form) {
  const drop = form.querySelector(".drop");
  const files = form.querySelector("#files");
  drop.hidden = false;
  let queue = Promise.resolve();
  const add = (chosen) => {
    for (const file of chosen) {
      const row = rowFor(form, file);
      queue = queue.then(() => upload(form, file, row));
    }
  };
  files.addEventListener("change", () => {
    add(files.files);
    files.value = "";
  });
  drop.addEventListener("dragover", (event) => {
    event.preventDefault();
    drop.classList.add("is-over");
  });
  drop.addEventListener("dragleave", () => drop.classList.remove("is-over"));
  drop.addEventListener("drop", (event) => {
    event.preventDefault();
    drop.classList.remove("is-over");
    add(event.dataTransfer.files);
  });
}

function rowFor(form, file) {
  const row = document.createElement("li");
  row.className = "upload";
  const name = document.createElement("span");
  name.textContent = file.name;
  name.dir = "auto";
  const state = document.createElement("span");
  state.className = "quiet num";
  state.textContent = "Waiting";
  const bar = document.createElement("progress");
  bar.max = 1;
  bar.value = 0;
  bar.ariaLabel = file.name;
  row.append(name, state, bar);
  form.querySelector(".uploads").append(row);
  return { row, name, state, bar };
}

async function upload(form, file, shown) {
  try {
    const path = shown.path ?? (shown.path = await create(form, file));
    await send(`${path}/source`, file, shown);
    shown.state.textContent = "Uploaded";
    const link = document.createElement("a");
    link.className = "link";
    link.href = path;
    link.textContent = file.name;
    shown.name.replaceChildren(link);
  } catch (error) {
    shown.state.textContent = error.message;
    const again = document.createElement("button");
    again.type = "button";
    again.className = "button button--small";
    again.textContent = "Try again";
    again.addEventListener("click", () => {
      again.remove();
      upload(form, file, shown);
    });
    shown.row.append(again);
  }
}

/** Create the video; return the path of its page. */
async function create(form, file) {
  const title = file.name.replace(/\.[^.]+$/, "") || file.name;
  const answer = await fetch(`${form.dataset.upload}/new`, {
    method: "POST",
    headers: { Accept: "application/json" },
    body: new URLSearchParams({ title, project: form.elements.project.value }),
  });
  if (answer.status !== 201) throw new Error("This video could not be added.");
  return (await answer.json()).path;
}

/** Send the bytes of a file, and show how far they are. */
function send(path, file, { state, bar }) {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("PUT", path);
    request.setRequestHeader("Content-Type", "application/octet-stream");
    request.upload.addEventListener("progress", ({ loaded, total }) => {
      bar.value = total ? loaded / total : 0;
      state.textContent = `${Math.floor(bar.value * 100)} %`;
    });
    request.addEventListener("load", () => {
      if (request.status === 200) return resolve();
      reject(new Error(problemOf(request)));
    });
    request.addEventListener("error", () => reject(new Error("The connection broke.")));
    request.send(file);
  });
}

function problemOf(request) {
  try {
    return JSON.parse(request.responseText).problem;
  } catch {
    return "The server refused the file.";
  }
}
