export interface Customer { readonly id: string }
